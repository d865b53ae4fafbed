// The shape of a voice, filled as far as it has been played; before it is opened, a row of even dots.

const BARS = 40;
const STEP = 5;
const HEIGHT = 32;

/** `peaks`: 0 to 1, any number of them, or null. `played`: 0 to 1. Decoration: a slider lies over it. */
export function Wave({ peaks, played }: { peaks: readonly number[] | null; played: number }) {
  return (
    <svg class="wave" viewBox={`0 0 ${BARS * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {Array.from({ length: BARS }, (_, bar) => {
        const height = Math.max(3, heightAt(peaks, bar) * HEIGHT);
        return (
          <rect
            key={bar}
            class={bar / BARS < played ? 'bar played' : 'bar'}
            x={bar * STEP + 1}
            y={(HEIGHT - height) / 2}
            width={3}
            height={height}
            rx={1.5}
          />
        );
      })}
    </svg>
  );
}

function heightAt(peaks: readonly number[] | null, bar: number): number {
  if (peaks === null || peaks.length === 0) return 0;
  const from = Math.floor((bar / BARS) * peaks.length);
  const to = Math.max(from + 1, Math.floor(((bar + 1) / BARS) * peaks.length));
  return Math.max(...peaks.slice(from, to));
}
