import { launchChromium } from '#test/support/chromium.ts';

const [url, path, w, h] = process.argv.slice(2);
const b = await launchChromium();
const c = await b.newContext({ viewport: { width: Number(w ?? 1300), height: Number(h ?? 900) } });
const p = await c.newPage();
p.on('console', (m) => console.log(m.type(), m.text()));
p.on('pageerror', (e) => console.log('thrown', e.message));
p.on('requestfailed', (r) => console.log('failed', r.url(), r.failure()?.errorText));
await p.goto(url!);
await p.waitForTimeout(2500);
await p.screenshot({ path: path!, fullPage: true });
await b.close();
process.exit(0);
