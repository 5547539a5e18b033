#!/bin/sh
# sh openssl.sh CHECKPOINT KEY: the log's signature of its checkpoint.
set -eu
name=${2%%+*} rest=${2#*+} && id=${rest%%+*} key=${rest#*+}
scratch=$(mktemp -d) && trap 'rm -r "$scratch"' EXIT && cd "$(dirname "$1")"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf %s "$key" | base64 -d | tail -c 32; } >"$scratch/key"
# The text of a checkpoint ends at the empty line.
sed '/^$/,$d' "$(basename "$1")" >"$scratch/text"
# Of the lines that bear the key's name, the one that begins with its id.
sed -n "s|^— $name ||p" "$(basename "$1")" | while read -r line; do
  printf %s "$line" | base64 -d >"$scratch/line"
  if [ "$(head -c 4 "$scratch/line" | od -An -tx1 | tr -d ' \n')" = "$id" ]; then tail -c 64 "$scratch/line" >"$scratch/signature"; fi
done
openssl pkeyutl -verify -pubin -keyform DER -inkey "$scratch/key" -rawin -in "$scratch/text" -sigfile "$scratch/signature"
