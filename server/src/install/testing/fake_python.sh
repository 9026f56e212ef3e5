#!/bin/sh
# Stands in for `python3 -m pip download …` in tests. It is started through a link; what it does stands in the file
# `behaviour` beside the link, and every call leaves a line in `calls`.
here=$(dirname "$0")
command="$1 $2 $3"
while [ $# -gt 0 ]; do
    case "$1" in
    --dest) dest=$2 ;;
    -r) pin=$2 ;;
    esac
    shift
done
wheel=$(sed 's/==/-/; s/ .*//' "$pin")
echo "$command $wheel" >>"$here/calls"
. "$here/behaviour"
