"""How fast Bina is, what it weighs and how it grows: ratios in one interleaved run, since machines are noisy.

`python -m bench` prints the figures; `python -m bench.board` writes them to docs/board.md. One rule:
nothing is measured but Bina as it is shipped, and a floor that is served in the same way.
"""
