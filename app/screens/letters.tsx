// What was said, newest first, by day.
import type { Letter, Toy } from '../model.ts';
import { dayOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { LetterBubble } from './letter.tsx';

export function Letters({ letters, toy }: { letters: Letter[]; toy: Toy }) {
  return (
    <section class="letters" aria-label={words().letters.title}>
      {byDay(letters).map(({ day, letters: ofDay }) => (
        <section key={day}>
          <h2 class="day">{day}</h2>
          <ol>
            {ofDay.map((letter) => (
              <LetterBubble key={letter.id} letter={letter} toy={toy} />
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function byDay(letters: Letter[]): { day: string; letters: Letter[] }[] {
  const days: { day: string; letters: Letter[] }[] = [];
  for (const letter of letters) {
    const day = dayOf(letter.sentAt);
    const last = days.at(-1);
    if (last?.day === day) last.letters.push(letter);
    else days.push({ day, letters: [letter] });
  }
  return days;
}
