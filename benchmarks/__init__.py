"""Every figure that studytui promises, measured side by side with a named peer in one run."""
