// One line of what a benchmark prints: a number beside what it is measured against and what it may be.

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The same quantity of something known, in the same run; null where there is none. */
  baseline: number | null;
  /** value / baseline. */
  ratio: number | null;
  /** What `value`, or `ratio` where it says so, must keep to; null: printed only. */
  budget: Budget | null;
}

export interface Budget {
  of: 'value' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

/** A row, its ratio worked out. */
export function row(
  name: string,
  value: number,
  unit: string,
  baseline: number | null,
  budget: Budget | null,
): Row {
  return { name, value, unit, baseline, ratio: baseline === null ? null : value / baseline, budget };
}

/** True if the row keeps to its budget, or has none. A number that is none keeps to nothing. */
export function isWithin({ value, ratio, budget }: Row): boolean {
  if (budget === null) return true;
  const judged = budget.of === 'value' ? value : ratio;
  if (judged === null || Number.isNaN(judged)) return false;
  return judged >= (budget.atLeast ?? -Infinity) && judged <= (budget.atMost ?? Infinity);
}
