// Times and sizes as people write them, in the language in use.
import { languageTag, words } from './words.ts';

// British, for 24 hours and the day first.
const locale = () => (languageTag() === 'en' ? 'en-GB' : languageTag());
const date = (unixS: number) => new Date(unixS * 1000);
const isSameDay = (unixS: number, nowMs: number) =>
  date(unixS).toDateString() === new Date(nowMs).toDateString();
const shortDayOf = (unixS: number) =>
  new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(date(unixS));

/** `18:04`. */
export function timeOf(unixS: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(date(unixS));
}

/** `Today`, `Yesterday`, or `Friday 20 November`. */
export function dayOf(unixS: number, nowMs: number = Date.now()): string {
  const t = words().letters;
  if (isSameDay(unixS, nowMs)) return t.today;
  if (isSameDay(unixS, nowMs - 86_400_000)) return t.yesterday;
  const text = new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long' }).format(
    date(unixS),
  );
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}

/** `18:04` today, else `20 Nov 18:04`. */
export function whenOf(unixS: number, nowMs: number = Date.now()): string {
  const time = timeOf(unixS);
  return isSameDay(unixS, nowMs) ? time : `${shortDayOf(unixS)} ${time}`;
}

/** `at 18:04` today, else `on 20 Nov at 18:04`. */
export function atOf(unixS: number, nowMs: number = Date.now()): string {
  const t = words().letters;
  const time = timeOf(unixS);
  return isSameDay(unixS, nowMs) ? t.at(time) : t.onDay(shortDayOf(unixS), time);
}

/** `20 November 2026`. */
export function dateOf(unixS: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(date(unixS));
}

/** `0:07`. */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** With the language's own separators. */
export function countOf(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/** `1.5×`. */
export function speedOf(x: number): string {
  return `${countOf(x)}×`;
}

/** Minutes of the day as `<input type="time">` has them: `19:30`. */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The other way; null if it is no time. */
export function minutesOf(clock: string): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(clock);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}
