#!/usr/bin/env bash
# Images on their way to the cache and back; a cache that does not work is no failure of the job.
#   images.sh save   writes those of INPUT_IMAGES, one a line, to the directory INPUT_PATH
#   images.sh load   gives Docker what is there
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

archive=$INPUT_PATH/images.tar

save() {
  local images=() image
  while IFS= read -r image; do images+=("$image"); done <<<"$INPUT_IMAGES"
  rm -rf "$INPUT_PATH"
  mkdir -p "$INPUT_PATH"
  docker save --output "$archive" "${images[@]}"
}

case $1 in
  save)
    if save; then output saved true; else warning 'the images could not be saved for the cache'; fi
    ;;
  load)
    docker load --input "$archive" || warning 'the images of the cache could not be loaded'
    # They take up room twice.
    rm -rf "$INPUT_PATH"
    ;;
esac
