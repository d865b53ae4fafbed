// The check of the studies' numbers finds what it is for.
import { describe, expect, it } from 'vitest';
import { studyTroubles } from './studies.ts';

const THREATS = '# Who\n\n| S1 | a | b |\n| S2 | c | d |\n\nS3 is only spoken of.\n';
const TESTS = new Map([
  ['a.test.ts', "describe('x', () => {\n  it('S1: a', () => {});\n});"],
  ['b.test.ts', "  it(\n    'S2: b',\n    () => {},\n  );\n  it('something else about S9', () => {});"],
]);

/** The tests with one file changed or added. */
function withFile(name: string, text: string): Map<string, string> {
  return new Map([...TESTS, [name, text]]);
}

describe('the numbers of the studies', () => {
  it('are well where each line has its test', () => {
    expect(studyTroubles(THREATS, TESTS)).toEqual([]);
  });

  it('miss a test', () => {
    expect(studyTroubles(`${THREATS}| S3 | e | f |\n`, TESTS)).toEqual([
      'S3 has a line in docs/threats.md and no test',
    ]);
    expect(studyTroubles(THREATS, withFile('b.test.ts', "// it('S2 b')"))).toHaveLength(1);
  });

  it('miss a line', () => {
    expect(studyTroubles(THREATS, withFile('c.test.ts', 'it("S3: c", () => {});'))).toEqual([
      'S3 has a test and no line in docs/threats.md',
    ]);
  });

  it('are there twice, out of order, or not at all', () => {
    expect(studyTroubles(THREATS, withFile('c.test.ts', "it('S1: again', f);"))).toEqual([
      'S1 has two tests',
    ]);
    const turned = THREATS.replace('S1', 'S0').replace('S2', 'S1').replace('S0', 'S2');
    expect(studyTroubles(turned, TESTS)).toHaveLength(2);
    expect(studyTroubles('nothing', new Map())).toEqual(['docs/threats.md lists no study']);
  });

  it('stand at tests that do not run', () => {
    for (const way of ['skip', 'todo', 'only', 'skip.each'])
      expect(studyTroubles(THREATS, withFile('a.test.ts', `it.${way}('S1: a', f);`))).toEqual([
        `S1 in a.test.ts is ${way}: it must always run`,
      ]);
  });
});
