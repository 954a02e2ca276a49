#!/bin/bash
# Fails when the machine's run loop in the release binary counts references.
binary=${1:-$(dirname "$0")/../../../.build/release/gradus}
symbol='$s8Language7MachineC7execute7raisingAA8RawValueVSb_tAA6ThrownVYKF'
calls=$(objdump -d --no-show-raw-insn --disassemble="$symbol" "$binary" | grep -cE 'swift_(retain|release)')
lines=$(objdump -d --no-show-raw-insn --disassemble="$symbol" "$binary" | wc -l)
if [ "$lines" -lt 100 ]; then echo "the run loop was not found in $binary" >&2; exit 2; fi
echo "run loop: $lines lines, $calls calls that count references"
[ "$calls" -eq 0 ]
