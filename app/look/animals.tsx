// The sixteen animals that a toy can sing, to be told apart at a glance: no two have the same outline or the same colour.

import type { ComponentChildren } from 'preact';
import type { Animal } from '#protocol/link/animals.ts';

const INK = '#2a1a12';

function Eyes({ x = 14, y = 50, r = 4 }: { x?: number; y?: number; r?: number }) {
  return (
    <g fill={INK}>
      <circle cx={50 - x} cy={y} r={r} />
      <circle cx={50 + x} cy={y} r={r} />
    </g>
  );
}

function Line({ d, width = 3, color = INK }: { d: string; width?: number; color?: string }) {
  return (
    <path
      d={d}
      fill="none"
      stroke={color}
      stroke-width={width}
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  );
}

const DRAWINGS: Record<Animal, ComponentChildren> = {
  cat: (
    <>
      <path d="M18 14 L42 30 Q50 28 58 30 L82 14 L84 56 Q80 86 50 86 Q20 86 16 56 Z" fill="#e8923a" />
      <path d="M24 24 L36 32 L25 42 Z M76 24 L64 32 L75 42 Z" fill="#f7c9b0" />
      <Line d="M50 30v10 M42 31v7 M58 31v7" color="#b5661a" />
      <Eyes y={52} />
      <path d="M45 62h10l-5 6z" fill="#c2506a" />
      <Line d="M50 68q-6 8-11 2 M50 68q6 8 11 2" />
      <Line d="M8 58l18 4 M8 70l18-2 M92 58l-18 4 M92 70l-18-2" width={2} />
    </>
  ),
  dog: (
    <>
      <ellipse cx="50" cy="50" rx="31" ry="35" fill="#c99a63" />
      <path d="M26 20 Q4 22 8 58 Q12 74 24 66 Q30 40 30 22 Z" fill="#7a4c2c" />
      <path d="M74 20 Q96 22 92 58 Q88 74 76 66 Q70 40 70 22 Z" fill="#7a4c2c" />
      <ellipse cx="50" cy="66" rx="19" ry="17" fill="#f3e2c8" />
      <Eyes y={44} />
      <ellipse cx="50" cy="58" rx="8" ry="6" fill={INK} />
      <Line d="M50 64v6 M40 70q5 6 10 0q5 6 10 0" />
      <path d="M45 75h10v8a5 5 0 0 1-10 0z" fill="#e0647a" />
    </>
  ),
  cow: (
    <>
      <path d="M24 30 Q8 26 10 8 Q20 22 34 22 Z M76 30 Q92 26 90 8 Q80 22 66 22 Z" fill="#e6d3a8" />
      <path d="M26 34 Q6 30 4 44 Q14 54 28 46 Z M74 34 Q94 30 96 44 Q86 54 72 46 Z" fill="#2f2a28" />
      <path
        d="M28 24 Q50 16 72 24 Q78 50 70 78 H30 Q22 50 28 24 Z"
        fill="#fbfaf7"
        stroke="#cfc7bd"
        stroke-width="1.5"
      />
      <path d="M58 20 Q76 22 75 46 Q68 56 58 48 Q52 34 58 20 Z" fill="#2f2a28" />
      <circle cx="38" cy="44" r="4" fill={INK} />
      <circle cx="63" cy="44" r="5.5" fill="#fbfaf7" />
      <circle cx="63" cy="44" r="4" fill={INK} />
      <ellipse cx="50" cy="76" rx="26" ry="17" fill="#f0a8a4" />
      <ellipse cx="41" cy="74" rx="4" ry="5" fill="#8f4a48" />
      <ellipse cx="59" cy="74" rx="4" ry="5" fill="#8f4a48" />
      <Line d="M40 86q10 5 20 0" color="#8f4a48" />
    </>
  ),
  sheep: (
    <>
      <g fill="#f6f1e6" stroke="#cbbfa8" stroke-width="2">
        <circle cx="22" cy="40" r="15" />
        <circle cx="78" cy="40" r="15" />
        <circle cx="26" cy="64" r="15" />
        <circle cx="74" cy="64" r="15" />
        <circle cx="36" cy="22" r="15" />
        <circle cx="64" cy="22" r="15" />
        <circle cx="50" cy="80" r="15" />
      </g>
      <circle cx="50" cy="48" r="33" fill="#f6f1e6" />
      <path d="M28 44 Q8 42 8 54 Q18 60 30 52 Z M72 44 Q92 42 92 54 Q82 60 70 52 Z" fill="#55463f" />
      <path d="M32 40 Q50 30 68 40 Q70 76 50 82 Q30 76 32 40 Z" fill="#6b5950" />
      <g fill="#fff">
        <circle cx="41" cy="52" r="5" />
        <circle cx="59" cy="52" r="5" />
      </g>
      <Eyes x={9} y={53} r={3} />
      <Line d="M46 70l4 4 4-4" color="#f6f1e6" />
    </>
  ),
  duck: (
    <>
      <path
        d="M22 66 Q8 60 6 48 Q22 50 34 54 Q40 56 44 46 Q36 14 60 12 Q80 14 78 36 Q76 46 70 50 Q88 66 72 84 Q46 96 26 82 Q20 76 22 66 Z"
        fill="#f5cf3c"
      />
      <path d="M76 30 Q96 32 97 40 Q86 48 74 42 Z" fill="#ee7d1f" />
      <circle cx="65" cy="28" r="4.5" fill={INK} />
      <path d="M36 64 Q52 56 62 68 Q54 82 38 76 Z" fill="#dfae1c" />
      <Line d="M42 88v8h8 M58 88v8h8" color="#ee7d1f" />
    </>
  ),
  frog: (
    <>
      <circle cx="27" cy="26" r="17" fill="#5cab3f" />
      <circle cx="73" cy="26" r="17" fill="#5cab3f" />
      <ellipse cx="50" cy="58" rx="44" ry="33" fill="#5cab3f" />
      <circle cx="27" cy="25" r="11" fill="#fff" />
      <circle cx="73" cy="25" r="11" fill="#fff" />
      <circle cx="28" cy="26" r="6" fill={INK} />
      <circle cx="72" cy="26" r="6" fill={INK} />
      <ellipse cx="50" cy="74" rx="30" ry="14" fill="#a9d98c" />
      <Line d="M14 58 Q50 84 86 58" width={4} color="#24561a" />
      <circle cx="45" cy="50" r="2" fill="#24561a" />
      <circle cx="55" cy="50" r="2" fill="#24561a" />
    </>
  ),
  owl: (
    <>
      <path
        d="M16 10 Q34 22 50 20 Q66 22 84 10 Q88 40 84 62 Q78 92 50 94 Q22 92 16 62 Q12 40 16 10 Z"
        fill="#8a6546"
      />
      <path d="M30 66 Q50 54 70 66 Q70 90 50 92 Q30 90 30 66 Z" fill="#dcc09a" />
      <Line d="M38 72l4 4 4-4 M54 72l4 4 4-4 M46 80l4 4 4-4" color="#8a6546" />
      <circle cx="33" cy="42" r="17" fill="#f4e4c4" />
      <circle cx="67" cy="42" r="17" fill="#f4e4c4" />
      <circle cx="33" cy="42" r="9" fill="#e8a91c" />
      <circle cx="67" cy="42" r="9" fill="#e8a91c" />
      <circle cx="33" cy="42" r="5" fill={INK} />
      <circle cx="67" cy="42" r="5" fill={INK} />
      <path d="M44 48h12l-6 14z" fill="#e8923a" />
    </>
  ),
  horse: (
    <>
      <path
        d="M38 6 L46 20 Q66 24 74 44 L92 66 Q94 80 82 82 Q74 84 68 74 Q58 70 52 64 Q56 80 60 96 H14 Q8 50 30 24 Z"
        fill="#9c5f36"
      />
      <path d="M38 6 L40 20 Q18 34 16 60 Q14 82 16 96 H8 Q-2 40 30 20 Z" fill="#3d2416" />
      <path d="M44 20 Q58 22 60 36 Q50 34 44 20 Z" fill="#3d2416" />
      <circle cx="62" cy="42" r="4.5" fill={INK} />
      <path d="M80 62 L92 66 Q94 80 82 82 Q74 84 70 76 Z" fill="#c99a78" />
      <circle cx="85" cy="70" r="2.5" fill={INK} />
      <Line d="M76 78q4-1 7-4" color="#5c3820" />
    </>
  ),
  lion: (
    <>
      <path
        d="M50 2 L60 12 L74 8 L78 22 L92 26 L88 40 L98 50 L88 60 L92 74 L78 78 L74 92 L60 88 L50 98 L40 88 L26 92 L22 78 L8 74 L12 60 L2 50 L12 40 L8 26 L22 22 L26 8 L40 12 Z"
        fill="#a8521c"
      />
      <circle cx="50" cy="52" r="31" fill="#f0b84c" />
      <Eyes x={13} y={46} />
      <ellipse cx="42" cy="66" rx="10" ry="8" fill="#fbe6bd" />
      <ellipse cx="58" cy="66" rx="10" ry="8" fill="#fbe6bd" />
      <path d="M42 54h16l-8 9z" fill="#7a3418" />
      <Line d="M50 63v6 M50 69q-5 6-10 2 M50 69q5 6 10 2" />
    </>
  ),
  bee: (
    <>
      <ellipse
        cx="34"
        cy="28"
        rx="16"
        ry="24"
        fill="#cfe6f5"
        stroke="#8fb4cc"
        stroke-width="2"
        transform="rotate(-24 34 28)"
      />
      <ellipse
        cx="62"
        cy="26"
        rx="16"
        ry="24"
        fill="#cfe6f5"
        stroke="#8fb4cc"
        stroke-width="2"
        transform="rotate(20 62 26)"
      />
      <path d="M6 62 L16 56 V68 Z" fill={INK} />
      <ellipse cx="50" cy="62" rx="38" ry="26" fill="#f7c81e" />
      <path
        d="M28 41 Q34 62 28 83 L38 86.5 Q45 62 38 37.5 Z M50 36 Q57 62 50 88 L60 87 Q67 62 60 37 Z"
        fill={INK}
      />
      <circle cx="76" cy="56" r="4.5" fill={INK} />
      <Line d="M74 70q5 2 8-3 M76 38q4-14 12-14 M82 42q6-10 13-8" />
    </>
  ),
  mouse: (
    <>
      <circle cx="22" cy="28" r="21" fill="#a9a6ad" />
      <circle cx="78" cy="28" r="21" fill="#a9a6ad" />
      <circle cx="22" cy="28" r="13" fill="#f0b7bd" />
      <circle cx="78" cy="28" r="13" fill="#f0b7bd" />
      <path d="M50 30 Q80 34 76 60 Q66 84 50 92 Q34 84 24 60 Q20 34 50 30 Z" fill="#bdbac1" />
      <Eyes x={13} y={54} r={5} />
      <circle cx="50" cy="86" r="6.5" fill="#e0647a" />
      <Line d="M12 68l20 6 M12 82l20-3 M88 68l-20 6 M88 82l-20-3" width={2} color="#6e6b72" />
    </>
  ),
  rooster: (
    <>
      <path d="M30 34 Q22 18 34 18 Q36 4 47 12 Q54 0 60 12 Q72 6 70 20 Q78 26 68 36 Z" fill="#d32f2f" />
      <path
        d="M32 96 Q18 62 30 40 Q40 24 58 30 Q72 36 70 54 Q76 74 86 96 Z"
        fill="#fbf3e2"
        stroke="#d8c7a6"
        stroke-width="2"
      />
      <path d="M68 44 L94 52 L68 60 Z" fill="#f0a01c" />
      <path d="M60 60 Q72 62 70 78 Q62 86 56 76 Q54 66 60 60 Z" fill="#d32f2f" />
      <circle cx="55" cy="46" r="5" fill={INK} />
      <path d="M32 96 Q40 84 46 96 Q54 84 60 96 Q68 84 76 96 Z" fill="#2f7a6a" />
    </>
  ),
  pig: (
    <>
      <path
        d="M18 16 Q40 18 40 34 L22 44 Q12 30 18 16 Z M82 16 Q60 18 60 34 L78 44 Q88 30 82 16 Z"
        fill="#e2849a"
      />
      <circle cx="50" cy="54" r="38" fill="#f5b0be" />
      <Eyes x={19} y={44} />
      <ellipse cx="50" cy="64" rx="18" ry="14" fill="#e2849a" />
      <ellipse cx="43" cy="64" rx="3.5" ry="6" fill="#8c3a50" />
      <ellipse cx="57" cy="64" rx="3.5" ry="6" fill="#8c3a50" />
      <Line d="M40 82q10 6 20 0" color="#8c3a50" />
    </>
  ),
  elephant: (
    <>
      <path d="M32 22 Q2 12 4 44 Q6 70 30 66 Z M68 22 Q98 12 96 44 Q94 70 70 66 Z" fill="#7f93a8" />
      <path d="M32 26 Q12 22 13 44 Q15 60 30 58 Z M68 26 Q88 22 87 44 Q85 60 70 58 Z" fill="#b9c6d3" />
      <path
        d="M26 34 Q30 10 50 10 Q70 10 74 34 Q76 54 64 60 V80 Q64 96 80 90 L82 96 Q52 104 48 80 V62 Q24 56 26 34 Z"
        fill="#93a6b9"
      />
      <Eyes x={13} y={38} />
      <path d="M34 58 Q28 70 34 76 Q42 72 44 62 Z" fill="#fffaf0" stroke="#b9c6d3" stroke-width="1" />
      <Line d="M50 70h12 M50 78h12 M53 86h10" width={2} color="#6c8096" />
    </>
  ),
  wolf: (
    <>
      <path
        d="M20 4 L40 28 H60 L80 4 L84 44 L96 58 L78 70 L62 84 L50 96 L38 84 L22 70 L4 58 L16 44 Z"
        fill="#5d6772"
      />
      <path d="M24 18 L34 32 L24 38 Z M76 18 L66 32 L76 38 Z" fill="#30363d" />
      <path d="M20 58 L40 54 L50 66 L60 54 L80 58 L64 74 L50 92 L36 74 Z" fill="#e3e6e8" />
      <path d="M28 42 L44 50 L32 53 Z M72 42 L56 50 L68 53 Z" fill="#f2c230" />
      <circle cx="37" cy="49" r="2.5" fill={INK} />
      <circle cx="63" cy="49" r="2.5" fill={INK} />
      <path d="M42 74h16l-8 10z" fill={INK} />
    </>
  ),
  cuckoo: (
    <>
      <Line d="M2 82h96" width={6} color="#7a5a36" />
      <path d="M62 82 Q78 86 92 98 L80 99 Q60 96 54 84 Z" fill="#3f5872" />
      <path
        d="M16 30 Q24 10 44 18 Q52 24 54 36 Q76 46 74 72 Q70 84 56 84 Q30 82 28 50 Q26 42 16 30 Z"
        fill="#6d8fb0"
      />
      <path d="M30 52 Q44 50 52 62 Q56 74 54 83 Q30 80 30 52 Z" fill="#f2f0ea" />
      <Line d="M32 58q8 3 16 0 M34 66q8 3 18 0 M40 74q6 2 13 0" width={2.5} color="#4a5560" />
      <path d="M20 26 L2 34 L22 36 Z" fill="#e8b01c" />
      <circle cx="32" cy="26" r="6" fill="#f3d24a" />
      <circle cx="32" cy="26" r="3.5" fill={INK} />
      <Line d="M44 84v6 M54 84v6" color="#e8b01c" />
    </>
  ),
};

/** A picture of the animal; its name stands beside it, so it is decoration. */
export function AnimalPicture({ animal }: { animal: Animal }) {
  return (
    <svg class="animal-picture" viewBox="0 0 100 100" aria-hidden="true" focusable="false">
      {DRAWINGS[animal]}
    </svg>
  );
}
