"""`python -m dockerlab.course.slides notebooks [01 02…]`."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
