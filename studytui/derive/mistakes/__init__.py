"""Which classical mistake a wrong line is: a catalogue, and a finder that proves what it names.

A mistake is a rewrite of a right line. It names a wrong line where the ordinary checker proves that
line equal to the rewritten one, which differs from the right line at a point at which both have a
value. So nothing is named that is not proved, and nothing that would be right.

| room | what it holds |
|---|---|
| ``mistake`` | what a mistake is, and what is told of one that was found |
| ``parts``, ``places`` | sums and products taken apart; rewriting at every place of a line |
| ``expectations`` … ``slips`` | the mistakes, by kind |
| ``catalogue`` | all of them, the most plausible first |
| ``forms``, ``candidates`` | ways to write the right line, and wrong variants of them |
| ``numbers``, ``finder`` | values discard almost all variants; the prover shows one of the rest |
| ``explain`` | the finder asked about a line of a derivation, or about two expressions |
"""
