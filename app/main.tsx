// Starts the app in a browser.
import { render } from 'preact';
import { sodium } from '#protocol/sodium/ready.ts';

const hasCiphers = sodium.randombytes_buf(1).length === 1;
render(hasCiphers && <h1>Pawpost</h1>, document.getElementById('app')!);
