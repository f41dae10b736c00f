#!/bin/sh
# Tries the example with a window, and takes its picture: window.sh PICTURE. Wants Xvfb, xdotool and ImageMagick.
#     xvfb-run -a -s "-screen 0 420x200x24" "$CRUX_SANDBOX" --shop sh bindings/csharp/tools/window.sh window.png
set -eu
build=$(cd "$(dirname "$0")/../../.." && pwd)/target/languages/csharp/build
mono "$build/Window.exe" &
program=$!
trap 'kill $program' EXIT
window=$(timeout 20 xdotool search --sync --onlyvisible --name '^libcrux$' | head -n 1)
xdotool windowfocus --sync "$window"
xdotool key --window "$window" Return
sleep 3 # For the bar to be seen.
import -window "$window" "$1"
xdotool key --window "$window" Escape
