"""Whether a claim is true: refuted by numbers first, then proved, with what it needs told.

``check`` takes a claim apart into comparisons; ``comparison`` decides one of them; the other rooms
say where there is no value, what a condition cuts away, and what numbers cannot show.
"""
