// What can go wrong between a computer and a chip on its cable, each with what the maker can do about it.

/** The advice for each kind of failure: one or two sentences to the person with the cable in hand. */
const ADVICE = {
  'no-port':
    'Plug the board in with a cable that carries data, not only power. "pawpost toy ports" lists what is there.',
  denied:
    'On Linux, join the group that owns the port: "sudo usermod -aG dialout $USER", then log in anew. Some systems call it uucp.',
  busy: 'Another program has the port open, perhaps a serial monitor or the Web IDE: close it and run this again.',
  silent:
    'Hold BOOT, press and release RESET (or plug the cable in), then let go of BOOT, and run this again. Try another cable, too.',
  'wrong-chip':
    'Nothing was written. Name the board that is on the cable with --board, or plug in the other one.',
  locked: 'Its fuses keep others from writing to it. Use a board from the shop, as it came.',
  gone: 'The cable came off, or the board lost power. Plug it in and run this again: what has arrived is not sent twice.',
  garbled: 'Use a short cable straight into the computer and run this again with --baud 115200.',
  refused:
    'The chip could not write its flash. Check its power (a USB port of the computer, no hub) and run this again. If it stays so, the flash is worn out.',
  image: 'How to get the image: docs/building-a-toy.md, "The image".',
  console:
    'Press RESET on the board and run this again. If it stays so, the image does not start: build it anew.',
  modules: 'It must be Espruino with the files of firmware/native: docs/building-a-toy.md, "The image".',
  storage: 'Run this again: it begins with the first byte that is not right.',
  program:
    'Build it again ("pawpost toy release", or leave --key out), for this board, and with the maker’s key that the toy has.',
  asleep:
    'A toy runs no program that is older than one it has had: put in the newest. If it is that, press RESET and run this again.',
  maker:
    'Sign with the key of the maker who had this board before (--key). Without it, erase the whole flash with esptool: then it is a new toy.',
  tagged:
    'A toy keeps its tag for life. Name the tag file that was made for it with --tag; if it is lost, erase the whole flash with esptool and start anew.',
  'tag-file': 'Name another file with --tag: each toy has a tag of its own.',
} as const;

export type FlashErrorCode = keyof typeof ADVICE;

/** A failure at the cable. The message says what, `advice` what to do. Neither holds a secret. */
export class FlashError extends Error {
  readonly code: FlashErrorCode;
  readonly advice: string;
  constructor(code: FlashErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'FlashError';
    this.code = code;
    this.advice = ADVICE[code];
  }
}
