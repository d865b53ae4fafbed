// Starts the app in a browser.
import './no-eval.ts';
import { mount } from './screens/app.tsx';
import { openBrowserModel } from './start.ts';
import { chooseLanguage, words } from './words/words.ts';

await chooseLanguage();
const model = await openBrowserModel({
  consentText: () => JSON.stringify(words().consent),
  notice: () => ({ title: words().app, body: words().common.arrived }),
});
mount(model, document.getElementById('app')!);
