// The real screens over a made-up family: a test sets the scene.
import { mount } from '#app/screens/app.tsx';
import { setLanguage } from '#app/words/words.ts';
import { type MadeUpModel, madeUpModel } from '../made-up-model.ts';
import { SCENES } from '../scenes.ts';

const voice = async () => new Uint8Array(await (await fetch('/voice.opus')).arrayBuffer());
const fresh = () => madeUpModel(voice);
const model = fresh();

export interface Stage {
  model: MadeUpModel;
  /** Puts everything back to what the scene begins with. */
  show(name: string, language: 'en' | 'da'): void;
}

/** Drawn, and what the screens do on being taken away is done. */
const afterDrawing = (action: () => void) => requestAnimationFrame(() => requestAnimationFrame(action));

const stage: Stage = {
  model,
  show(name, language) {
    const scene = SCENES.find((scene) => scene.name === name)!;
    // Away first, so that what a screen had begun is forgotten.
    delete document.body.dataset.scene;
    model.state.stage.value = 'opening';
    const set = () => {
      const next = fresh();
      scene.prepare?.(next);
      history.replaceState(null, '', scene.hash);
      dispatchEvent(new Event('hashchange'));
      const { abilities, stage: nextStage, ...rest } = next.state;
      model.state.abilities = abilities;
      const now = model.state as unknown as Record<string, { value: unknown }>;
      for (const [key, { value }] of Object.entries(rest)) now[key]!.value = value;
      model.asked.length = 0;
      model.state.stage.value = nextStage.value;
      document.body.dataset.scene = `${name} ${language}`;
    };
    void setLanguage(language).then(() => afterDrawing(set));
  },
};

Object.assign(globalThis, { stage });
await setLanguage('en');
mount(model, document.getElementById('app')!);
