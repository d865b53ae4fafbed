// The plush bear. Its heart is dark, beats for a waiting message, or glows while somebody speaks.

export type Heart = 'dark' | 'beating' | 'glowing';

const HEART =
  'M200 356 C160 326 144 310 144 290 A28 28 0 0 1 200 284 A28 28 0 0 1 256 290 C256 310 240 326 200 356 Z';
const HELD_PAW = 'M286 290 C326 292 356 270 366 236 L306 204 C298 224 286 232 270 238 Z';

/** `label`: what a reader hears; without one the bear is decoration. `isAsleep` closes its eyes. */
export function Bear(props: { heart?: Heart; label?: string; isAsleep?: boolean; isPawHeld?: boolean }) {
  const { heart = 'dark', label, isAsleep = false, isPawHeld = false } = props;
  return (
    <svg
      class={`bear ${heart}`}
      viewBox="0 0 400 452"
      focusable="false"
      role="img"
      aria-label={label ?? ''}
      aria-hidden={label === undefined}
    >
      <ellipse class="shadow" cx="200" cy="436" rx="150" ry="14" />
      <g class="fur">
        <circle cx="122" cy="58" r="38" />
        <circle cx="278" cy="58" r="38" />
        <path d={HELD_PAW} />
        <path d="M116 244 C78 250 54 286 56 322 C57 346 90 352 100 330 C106 314 112 306 130 300 Z" />
        <ellipse cx="200" cy="318" rx="108" ry="112" />
        <ellipse cx="122" cy="412" rx="52" ry="36" />
        <ellipse cx="278" cy="412" rx="52" ry="36" />
      </g>
      <g class="soft">
        <circle cx="122" cy="60" r="20" />
        <circle cx="278" cy="60" r="20" />
        <ellipse cx="200" cy="326" rx="74" ry="82" />
      </g>
      <g class="pad">
        <ellipse cx="118" cy="418" rx="24" ry="17" />
        <circle cx="92" cy="396" r="7" />
        <circle cx="112" cy="388" r="7.5" />
        <circle cx="134" cy="388" r="7.5" />
        <circle cx="152" cy="398" r="7" />
        <ellipse cx="282" cy="418" rx="24" ry="17" />
        <circle cx="248" cy="398" r="7" />
        <circle cx="266" cy="388" r="7.5" />
        <circle cx="288" cy="388" r="7.5" />
        <circle cx="308" cy="396" r="7" />
      </g>
      <ellipse class="fur" cx="200" cy="132" rx="106" ry="94" />
      <ellipse class="soft" cx="200" cy="168" rx="52" ry="40" />
      <g class="blush">
        <circle cx="122" cy="160" r="17" />
        <circle cx="278" cy="160" r="17" />
      </g>
      {isAsleep ? <ClosedEyes /> : <OpenEyes />}
      <path class="ink" d="M182 148 Q200 138 218 148 Q216 168 200 170 Q184 168 182 148 Z" />
      <g class="line">
        <path d="M200 170 V182" />
        <path d="M174 180 Q186 198 200 184 Q214 198 226 180" />
        <path d="M142 100 Q152 92 166 97" />
        <path d="M258 100 Q248 92 234 97" />
      </g>
      <path class="stitch" d="M200 38 V74" />
      <path class="stitch" d="M200 250 V274 M200 372 V406" />
      <g class="heart">
        <path
          class="glow"
          d="M200 366 C150 330 132 312 132 288 A34 34 0 0 1 200 280 A34 34 0 0 1 268 288 C268 312 250 330 200 366 Z"
        />
        <path class="cloth" d={HEART} />
        <path class="seam" transform="translate(200 316) scale(0.8) translate(-200 -316)" d={HEART} />
      </g>
      <RaisedPaw isHeld={isPawHeld} />
    </svg>
  );
}

function OpenEyes() {
  return (
    <>
      <g class="ink">
        <ellipse cx="156" cy="124" rx="11" ry="13" />
        <ellipse cx="244" cy="124" rx="11" ry="13" />
      </g>
      <g class="glint">
        <circle cx="160" cy="119" r="4" />
        <circle cx="248" cy="119" r="4" />
      </g>
    </>
  );
}

function ClosedEyes() {
  return (
    <g class="line">
      <path d="M143 124 Q156 136 169 124" />
      <path d="M231 124 Q244 136 257 124" />
    </g>
  );
}

/** The paw that records; with `isHeld` a hand's thumb lies on it and it shines. */
function RaisedPaw({ isHeld }: { isHeld: boolean }) {
  return (
    <g transform="translate(340 220) rotate(24) scale(1.08) translate(-60 -60)">
      {isHeld && <circle class="held" cx="60" cy="60" r="74" />}
      <path
        class="fur"
        d="M60 8 C92 8 112 32 112 62 C112 94 90 114 60 114 C30 114 8 94 8 62 C8 32 28 8 60 8 Z"
      />
      <g class="pad">
        <path d="M60 56 C78 56 88 68 86 82 C84 96 72 98 60 98 C48 98 36 96 34 82 C32 68 42 56 60 56 Z" />
        <ellipse cx="27" cy="54" rx="9" ry="11" />
        <ellipse cx="47" cy="34" rx="9.5" ry="12" />
        <ellipse cx="73" cy="34" rx="9.5" ry="12" />
        <ellipse cx="93" cy="54" rx="9" ry="11" />
      </g>
    </g>
  );
}

/** The face alone, for small places. */
export function BearFace() {
  return (
    <svg class="bear face" viewBox="70 10 260 230" aria-hidden="true" focusable="false">
      <g class="fur">
        <circle cx="122" cy="58" r="38" />
        <circle cx="278" cy="58" r="38" />
      </g>
      <g class="soft">
        <circle cx="122" cy="60" r="20" />
        <circle cx="278" cy="60" r="20" />
      </g>
      <ellipse class="fur" cx="200" cy="132" rx="106" ry="94" />
      <ellipse class="soft" cx="200" cy="168" rx="52" ry="40" />
      <OpenEyes />
      <path class="ink" d="M182 148 Q200 138 218 148 Q216 168 200 170 Q184 168 182 148 Z" />
      <path class="line" d="M200 170 V182 M174 180 Q186 198 200 184 Q214 198 226 180" />
    </svg>
  );
}
