// How a heart beats for a person: the toy's own steps as small hearts, lit or not.
import { stepsOf } from '../rhythms.ts';

/** Decoration: its number stands beside it. */
export function RhythmPicture({ rhythm }: { rhythm: number }) {
  return (
    <svg class="rhythm" viewBox="0 0 88 12" aria-hidden="true">
      {stepsOf(rhythm).map((isLit, step) => (
        <path
          key={step}
          class={isLit ? 'step lit' : 'step'}
          transform={`translate(${step * 11} 0)`}
          d="M5 11 C0 7 0 5 0 3.5 A2.5 2.5 0 0 1 5 3 A2.5 2.5 0 0 1 10 3.5 C10 5 10 7 5 11 Z"
        />
      ))}
    </svg>
  );
}
