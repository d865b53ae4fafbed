// What a maker sees while a toy is made: a bar with the time left, or, for programs, a line of JSON for each thing that happens.
import { Presets, SingleBar } from 'cli-progress';
import type { Reporter, Step } from '#app/flash/reporter.ts';

/** A reporter that holds the screen. */
export interface EndingReporter extends Reporter {
  /** The last step is over, well or not. */
  end(): void;
}

const TITLES: Readonly<Record<Step, string>> = {
  connect: 'Looking who is on the cable',
  image: 'Writing the image',
  program: 'Writing the program',
  start: 'Starting it',
  tag: 'Giving the toy its maker, key and tag',
  check: 'Starting it anew, and asking what it remembers',
};
/** JSON lines come at each hundredth. */
const PARTS = 100;

/** Lines for people; with a bar where there is a terminal. */
export function createBarReporter(out: NodeJS.WriteStream): EndingReporter {
  let bar: SingleBar | null = null;
  const endBar = () => {
    bar?.stop();
    bar = null;
  };
  return {
    step: (name) => {
      endBar();
      out.write(`${TITLES[name]}\n`);
    },
    progress: (bytes, total) => {
      if (!out.isTTY) return;
      if (bar === null) {
        bar = new SingleBar(
          {
            format: '  {bar} {percentage} %, {eta_formatted} left',
            stream: out,
            hideCursor: true,
            etaBuffer: 50,
          },
          Presets.shades_classic,
        );
        bar.start(total, 0);
      }
      bar.update(bytes);
    },
    end: endBar,
  };
}

/** One line of JSON for a step, and for each hundredth of what takes long. */
export function createJsonReporter(write: (line: string) => void): EndingReporter {
  let step: Step = 'connect';
  let part = -1;
  return {
    step: (name) => {
      step = name;
      part = -1;
      write(JSON.stringify({ event: 'step', step }));
    },
    progress: (bytes, total) => {
      const reached = Math.floor((bytes * PARTS) / total);
      if (reached <= part) return;
      part = reached;
      write(JSON.stringify({ event: 'progress', step, bytes, total }));
    },
    end: () => {},
  };
}
