// What the page that makes toys says, in English. It is also the list of what every language must say.
import type { FlashErrorCode } from './failure.ts';
import type { Step } from './reporter.ts';
import { SHEET_WORDS } from './tag-sheet.ts';

export interface Told {
  what: string;
  todo: string;
}

const told = (what: string, todo: string): Told => ({ what, todo });

export const en = {
  title: 'Make a toy of a board',
  lead: 'Puts Pawpost into a board on a cable: the image, the toy’s program, a key that the toy makes for itself, and its tag. It can be done again at any time; the toy stays who it is.',
  untried: 'Nobody has tried this on a real board yet. You would be the first.',
  without: {
    what: 'This browser cannot speak over a cable.',
    todo: 'Chrome, Edge and Opera on a computer can (Web Serial); Firefox, Safari and phones cannot. From a terminal it works without a browser: “pawpost toy flash”.',
  },
  board: {
    title: 'Which board is it?',
    drawing: (board: string) => `How ${board} is wired`,
    larger: 'See its wires',
  },
  image: {
    title: 'The image',
    lead: 'The image is Espruino with Pawpost’s own parts. Nobody hands it out: it comes from Espruino’s own build, with the board definition',
    files:
      'Choose the three files, or drop their folder here: bootloader.bin, partition-table.bin and the application.',
    choose: 'Choose files',
    boardFirst: 'Choose the board first.',
    bytes: (kilobytes: string) => `${kilobytes} KB`,
    ready: 'These are for this board’s chip.',
  },
  program: {
    title: 'The toy’s program',
    looking: 'Looking whether this site has it …',
    own: (release: string) =>
      `Program ${release} of this site, signed by its maker. The toy will take programs from no other maker.`,
    missing: 'This site has none for this board. Choose a signed program of the same maker.',
    choose: 'Choose a .program file',
  },
  cable: {
    title: 'The cable',
    lead: 'Plug the board into this computer with a cable that carries data. Your browser then asks which port it is.',
    begin: 'Choose the port and begin',
    again: 'Again',
    notYet: 'First choose the board, its image and its program.',
    leave: 'Leave the cable in.',
    part: (percent: number) => `${percent} %`,
  },
  steps: {
    connect: 'Looking who is on the cable',
    image: 'Writing the image',
    program: 'Writing the program',
    start: 'Starting it',
    tag: 'Giving the toy its key and tag',
    check: 'Starting it anew, and asking what it remembers',
  } satisfies Record<Step, string>,
  tag: {
    title: 'The toy is ready',
    lead: 'This is its tag, the key of the toy: whoever has both owns it. It is nowhere but here: when you close this page, it is gone.',
    picture: 'The tag to print: its square code, the same in letters, and what to do with it',
    letters: 'The tag in letters',
    print: 'Print',
    savePicture: 'Save the sheet',
    saveText: 'Save the text',
    keep: 'Print the sheet, keep it with the family’s papers, then delete what you saved.',
    another: 'Make another toy',
    sure: 'Is the tag printed or saved? Without it this toy can never be paired.',
  },
  known: {
    choose: 'Choose its .tag file',
    wrong: 'That file does not hold the text of a tag.',
    taken: 'Taken. Now press Again.',
  },
  troubles: {
    'no-port': told(
      'There is no board on that port.',
      'Plug it in with a cable that carries data, not only power.',
    ),
    denied: told(
      'The system does not let you use that port.',
      'On Linux, join the group “dialout” and log in anew.',
    ),
    busy: told(
      'The port does not open.',
      'Close other programs that use it, such as a serial monitor. On Linux you must be in the group “dialout”.',
    ),
    silent: told(
      'The board does not answer.',
      'Hold BOOT, press and release RESET (or plug the cable in), let go of BOOT, and press Again. Try another cable, too.',
    ),
    'wrong-chip': told(
      'The board on the cable has another chip than the one you chose.',
      'Nothing was written. Choose the board that is on the cable, or plug in the other one.',
    ),
    locked: told(
      'The chip is locked.',
      'Its fuses keep others from writing to it. Take a board from the shop, as it came.',
    ),
    gone: told(
      'The cable came off, or the board lost power.',
      'Plug it in and press Again: what has arrived is not sent twice.',
    ),
    garbled: told(
      'What is sent arrives garbled.',
      'Use a short cable straight into the computer, and press Again.',
    ),
    refused: told(
      'The chip could not write its flash.',
      'Use a port of the computer, no hub, and press Again. If it stays so, the flash is worn out.',
    ),
    image: told(
      'This is not the image that the board needs.',
      'Take all three files of one build, for this board.',
    ),
    console: told(
      'The toy’s console does not answer.',
      'Press RESET on the board, then Again. If it stays so, the image does not start: build it anew.',
    ),
    modules: told(
      'The image lacks Pawpost’s own parts.',
      'It must be built with the files of firmware/native.',
    ),
    storage: told(
      'The toy does not keep what it is told.',
      'Press Again. If it stays so, the flash is worn out.',
    ),
    program: told(
      'This program is not for this toy.',
      'Take one for this board, signed by this site’s maker.',
    ),
    asleep: told(
      'The toy does not start its program.',
      'A toy runs none that is older than one it has had: put in the newest. If it is that, press Again.',
    ),
    maker: told(
      'The toy belongs to another maker.',
      'Take that maker’s site, or erase the whole flash with esptool: then it is a new toy.',
    ),
    tagged: told(
      'This toy has a tag already, and a toy keeps its tag for life.',
      'If you have its .tag file, choose it. If it is lost, erase the whole flash with esptool and start anew.',
    ),
    'tag-file': told('That is the tag of another toy.', 'Choose the file that was saved with this toy.'),
    unknown: told('Something went wrong that nobody foresaw.', 'Press Again, or load the page anew.'),
  } satisfies Record<FlashErrorCode | 'unknown', Told>,
  sheet: SHEET_WORDS,
};

export type FlashWords = typeof en;
