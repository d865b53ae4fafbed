// Splitter and joiner: what is cut is joined again, losses cost only the frames they hit, credits keep both in step.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJoiner, creditDue, type Joiner, join, sendCredit } from '#protocol/ble/joiner.ts';
import {
  createSplitter,
  FRAME_AT,
  pump,
  resetSplitter,
  type Splitter,
  setLimits,
  startFrame,
  takeCredit,
} from '#protocol/ble/splitter.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** One direction, values queued as they are sent; the credits come back by hand. */
function lane(limitBytes: number, window: number) {
  const splitter = createSplitter();
  setLimits(splitter, limitBytes, window);
  const values: Uint8Array[] = [];
  const frames: string[] = [];
  const joiner = createJoiner(window, createSplitter(), (buffer, length) =>
    frames.push(text(buffer.subarray(0, length))),
  );
  const send = (buffer: Uint8Array, offset: number, length: number): boolean => {
    values.push(new Uint8Array(buffer.subarray(offset, offset + length)));
    return true;
  };
  return { splitter, joiner, values, frames, send };
}

function credit(joiner: Joiner, splitter: Splitter): void {
  sendCredit(joiner, (buffer, offset, length) => {
    const other = createJoiner(1, splitter, () => undefined);
    join(other, buffer.subarray(offset, offset + length));
    return true;
  });
}

const frame = fc.uint8Array({ minLength: 2, maxLength: 1045 });
const limit = fc.integer({ min: 20, max: 244 });

describe('joining what was split', () => {
  it('gives every frame back, in order, whatever the limit, the window and what follows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(frame, fc.boolean()), { minLength: 1, maxLength: 6 }),
        limit,
        fc.integer({ min: 1, max: 30 }),
        (sent, limitBytes, window) => {
          const { splitter, joiner, values, frames, send } = lane(limitBytes, window);
          const finish = () => {
            while (!pump(splitter, 0, send)) {
              for (const value of values.splice(0)) {
                expect(value.length).toBeLessThanOrEqual(limitBytes);
                join(joiner, value);
              }
              credit(joiner, splitter);
            }
          };
          for (const [bytes, hasMore] of sent) {
            splitter.buffer.set(bytes, FRAME_AT);
            startFrame(splitter, bytes.length, hasMore);
            finish();
          }
          finish();
          for (const value of values) join(joiner, value);
          expect(frames).toEqual(sent.map(([bytes]) => text(bytes)));
        },
      ),
    );
  });

  it('loses only the frames that a loss touches, and never makes one up', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 6 }),
        limit,
        fc.array(fc.constantFrom('pass', 'pass', 'pass', 'lose'), { minLength: 1, maxLength: 40 }),
        (sent, limitBytes, fates) => {
          const { splitter, joiner, values, frames, send } = lane(limitBytes, 30);
          const touched = new Set<number>();
          let serial = 0;
          let run = 0;
          sent.forEach((bytes, index) => {
            splitter.buffer.set(bytes, FRAME_AT);
            startFrame(splitter, bytes.length, false);
            let done = false;
            while (!done) {
              done = pump(splitter, 0, send);
              takeCredit(splitter, splitter.sequence);
              for (const value of values.splice(0)) {
                // 32 losses in a row are not seen as a gap; the seal of the record catches those.
                run = fates[serial++ % fates.length] === 'lose' && run < 31 ? run + 1 : 0;
                if (run > 0) touched.add(index);
                else join(joiner, value);
              }
            }
          });
          expect(frames).toEqual(sent.filter((_, index) => !touched.has(index)).map(text));
        },
      ),
    );
  });

  it('takes anything as a value: it never throws, never grows, and the next frame arrives', () => {
    const whole = new Uint8Array(300).map((_, i) => i);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 250 }), { maxLength: 30 }), (hostile) => {
        const { splitter, joiner, values, frames, send } = lane(60, 30);
        for (const value of hostile) join(joiner, value);
        splitter.sequence = joiner.expected;
        splitter.buffer.set(whole, FRAME_AT);
        startFrame(splitter, whole.length, false);
        pump(splitter, 0, send);
        for (const value of values) join(joiner, value);
        expect(frames.at(-1)).toBe(text(whole));
        expect(joiner.buffer.length).toBe(1047);
        for (const found of frames) expect(found.length / 2).toBeLessThanOrEqual(1045);
      }),
    );
  });

  it('drops a frame that grows over 1045 bytes', () => {
    const { joiner, frames } = lane(244, 30);
    join(joiner, new Uint8Array(244).fill(1).fill(0x40, 0, 1));
    for (let i = 1; i < 5; i++)
      join(joiner, new Uint8Array(244).fill(1).fill(i | (i === 4 ? 0x80 : 0), 0, 1));
    expect(frames).toEqual([]);
  });
});

describe('credits', () => {
  const long = new Uint8Array(1000);

  it('hold the sender to the window, and are due at half of it', () => {
    const { splitter, joiner, values, send } = lane(20, 8);
    startFrame(splitter, long.length, false);
    expect(pump(splitter, 0, send)).toBe(false);
    expect(values.length).toBe(8);
    for (const value of values.splice(0, 3)) join(joiner, value);
    expect(creditDue(joiner)).toBe(false);
    join(joiner, values.shift()!);
    expect(creditDue(joiner)).toBe(true);
    credit(joiner, splitter);
    expect(creditDue(joiner)).toBe(false);
    expect(pump(splitter, 0, send)).toBe(false);
    expect(values.length).toBe(8);
  });

  it('count what was lost on the way', () => {
    const { splitter, joiner, values, send } = lane(20, 8);
    startFrame(splitter, long.length, false);
    pump(splitter, 0, send);
    join(joiner, values[7]!);
    expect(creditDue(joiner)).toBe(true);
    credit(joiner, splitter);
    expect(splitter.underWay).toBe(0);
  });

  it('stay due while the radio has no room', () => {
    const { splitter, joiner, values, send } = lane(20, 2);
    startFrame(splitter, 19, false);
    pump(splitter, 0, send);
    join(joiner, values[0]!);
    expect(sendCredit(joiner, () => false)).toBe(false);
    expect(creditDue(joiner)).toBe(true);
    expect(sendCredit(joiner, (buffer, at) => buffer[at] === 0xc1 && buffer[at + 1] === 2)).toBe(true);
    expect(creditDue(joiner)).toBe(false);
  });

  it('that never come are taken for lost after a second of a full window', () => {
    const { splitter, values, send } = lane(20, 4);
    startFrame(splitter, long.length, false);
    pump(splitter, 5000, send);
    expect(pump(splitter, 5999, send)).toBe(false);
    expect(values.length).toBe(4);
    pump(splitter, 6000, send);
    expect(values.length).toBe(8);
    expect(pump(splitter, 6999, send)).toBe(false);
    expect(values.length).toBe(8);
  });

  it('that name nothing under way change nothing', () => {
    const { splitter, send } = lane(20, 4);
    startFrame(splitter, long.length, false);
    pump(splitter, 0, send);
    for (let next = 0; next < 32; next++) {
      if (next <= 4) continue;
      takeCredit(splitter, next);
      expect(splitter.underWay).toBe(4);
    }
    takeCredit(splitter, 1);
    expect(splitter.underWay).toBe(3);
    takeCredit(splitter, 0);
    expect(splitter.underWay).toBe(3);
  });
});

describe('the splitter', () => {
  it('sends a refused value again, unchanged', () => {
    fc.assert(
      fc.property(
        frame,
        limit,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        (bytes, limitBytes, room) => {
          const { splitter, joiner, values, frames, send } = lane(limitBytes, 30);
          splitter.buffer.set(bytes, FRAME_AT);
          startFrame(splitter, bytes.length, false);
          let asked = 0;
          const grudging = (buffer: Uint8Array, offset: number, length: number): boolean =>
            (room[asked++ % room.length]! || asked % 3 === 0) && send(buffer, offset, length);
          while (!pump(splitter, 0, grudging)) takeCredit(splitter, splitter.sequence);
          for (const value of values) join(joiner, value);
          expect(frames).toEqual([text(bytes)]);
        },
      ),
    );
  });

  it('refuses frames that could be credits, and too long ones', () => {
    const splitter = createSplitter();
    expect(() => startFrame(splitter, 1, false)).toThrow(new Error('frame-short'));
    expect(() => startFrame(splitter, 1046, false)).toThrow(new Error('frame-long'));
  });

  it('forgets a connection', () => {
    const { splitter, values, send } = lane(60, 4);
    startFrame(splitter, 1000, true);
    pump(splitter, 0, send);
    values.length = 0;
    resetSplitter(splitter);
    expect(pump(splitter, 0, send)).toBe(true);
    expect(values).toEqual([]);
    startFrame(splitter, 5, false);
    pump(splitter, 0, send);
    expect(values[0]![0]).toBe(0xc0);
  });
});
