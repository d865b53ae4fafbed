// Times of day: a person's in the phone's zone, a policy's in UTC.

const DAY_MINUTES = 24 * 60;

export interface Span {
  from: number;
  to: number;
}

/** Minutes of a day in UTC, for those of a zone that is `ahead` minutes ahead of it. */
export function toUtc(span: Span, ahead: number): Span {
  return { from: turned(span.from, -ahead), to: turned(span.to, -ahead) };
}

export function toLocal(span: Span, ahead: number): Span {
  return { from: turned(span.from, ahead), to: turned(span.to, ahead) };
}

function turned(minute: number, by: number): number {
  return (((minute + by) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}
