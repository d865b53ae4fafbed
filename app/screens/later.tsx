// Screens that nobody sees first: each is loaded when it is gone to, so that the first one is there sooner.
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export const DeviceScreen = later(async () => (await import('./device.tsx')).DeviceScreen);
export const Invite = later(async () => (await import('./invite.tsx')).Invite);
export const JoiningScreen = later(async () => (await import('./compare.tsx')).JoiningScreen);
export const Kit = later(async () => (await import('./kit.tsx')).Kit);
export const Join = later(async () => (await import('./join.tsx')).Join);
export const Pair = later(async () => (await import('./pair.tsx')).Pair);
export const PersonScreen = later(async () => (await import('./person.tsx')).PersonScreen);
export const Recover = later(async () => (await import('./recover.tsx')).Recover);
export const See = later(async () => (await import('./see.tsx')).See);
export const Settings = later(async () => (await import('./settings.tsx')).Settings);
export const ToySettings = later(async () => (await import('./toy-settings.tsx')).ToySettings);

function later<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | null = null;
  return function Later(props: Props) {
    const [, setReady] = useState(loaded !== null);
    useEffect(() => {
      if (loaded !== null) return;
      void load().then((screen) => {
        loaded = screen;
        setReady(true);
      });
    }, []);
    const Screen = loaded;
    return Screen === null ? null : <Screen {...props} />;
  };
}
