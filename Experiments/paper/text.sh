#!/bin/sh
# Says where the articles are that experiments on text read, one a line; makes them of DATA/wikischools.txt.gz where they are not yet.
#
#   sh Experiments/paper/text.sh DATA
#
# They are laid beside this script, and stay out of git; Data/prepare_wikischools.py says what is cut.
set -eu
here=$(dirname "$0")
text=$here/wikischools-500.txt.gz
[ -f "$text" ] || python3 "$here/../../Data/prepare_wikischools.py" "$1/wikischools.txt.gz" "$text" >&2
echo "$text"
