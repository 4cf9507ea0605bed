"""Whether a claim is true: refuted by numbers first, then proved, with what it needs told."""
