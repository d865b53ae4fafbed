// Whether what docs/threats.md lists of others' studies is what test/studies tries: each number one line and one test that runs.

/** A line of the list: `| S7 | ...`. */
const LINE = /^\| S(\d+) \|/gm;
/** A test of that number, and what might keep it from running. */
const TEST = /\b(?:it|test)((?:\.\w+)*)\(\s*(['"`])S(\d+): /g;

/**
 * What does not fit, one sentence each; none if all is well.
 * @param threats text of docs/threats.md.
 * @param tests texts of the test files, by name.
 */
export function studyTroubles(threats: string, tests: ReadonlyMap<string, string>): string[] {
  const troubles: string[] = [];
  const lines = [...threats.matchAll(LINE)].map(([, number]) => Number(number));
  const found: number[] = [];
  for (const [file, text] of tests) {
    for (const [, ways, , number] of text.matchAll(TEST)) {
      found.push(Number(number));
      if (ways !== '') troubles.push(`S${number} in ${file} is ${ways!.slice(1)}: it must always run`);
    }
  }
  if (lines.length === 0) troubles.push('docs/threats.md lists no study');
  for (const [i, number] of lines.entries())
    if (number !== i + 1) troubles.push(`S${number} stands where S${i + 1} should in docs/threats.md`);
  for (const number of new Set(lines))
    if (!found.includes(number)) troubles.push(`S${number} has a line in docs/threats.md and no test`);
  for (const number of new Set(found)) {
    if (!lines.includes(number)) troubles.push(`S${number} has a test and no line in docs/threats.md`);
    if (found.indexOf(number) !== found.lastIndexOf(number)) troubles.push(`S${number} has two tests`);
  }
  return troubles;
}
