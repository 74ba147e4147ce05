"""`python -m dockerlab.course.slides notebooks [01 02…]`."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
