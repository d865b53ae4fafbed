// A person's or a toy's round picture: the one they chose, or their first letter on a colour of their own.
import { BearFace } from './bear.tsx';

const TINTS = 8;

/** Decoration: the name stands beside it. */
export function Picture(props: { id: string; name: string; picture: string | null; isToy?: boolean }) {
  if (props.picture !== null) return <img class="picture" src={props.picture} alt="" />;
  if (props.isToy) {
    return (
      <span class="picture toy" aria-hidden="true">
        <BearFace />
      </span>
    );
  }
  return (
    <span class={`picture tint-${tintOf(props.id)}`} aria-hidden="true">
      {[...props.name.trim()][0]?.toLocaleUpperCase() ?? '?'}
    </span>
  );
}

function tintOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return sum % TINTS;
}
