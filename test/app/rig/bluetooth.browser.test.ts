// A page's Web Bluetooth in a real Chromium reaches the simulated toy: its hello, its silence, its going and its coming back.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoom, type Room } from '#cli/room.ts';
import { FRAME_HELLO } from '#protocol/ble/frame.ts';
import { FROM_TOY_UUID, SERVICE_UUID, TO_TOY_UUID } from '#protocol/ble/service.ts';
import { hasChromium, launchChromium } from '#test/support/chromium.ts';
import { type Bluetooth, emulateBluetooth } from './bluetooth.ts';
import { addRiggedToy, type RiggedToy } from './toy.ts';

const PAGE = `<!doctype html><title>toy</title><button>choose</button><script>
const state = { values: [], closes: 0, failed: null };
let device = null, toToy = null;
async function link() {
  const server = await device.gatt.connect();
  const service = await server.getPrimaryService('${SERVICE_UUID}');
  toToy = await service.getCharacteristic(${TO_TOY_UUID});
  const fromToy = await service.getCharacteristic(${FROM_TOY_UUID});
  fromToy.addEventListener('characteristicvaluechanged', ({ target }) => {
    state.values.push([...new Uint8Array(target.value.buffer)]);
  });
  await fromToy.startNotifications();
}
document.querySelector('button').onclick = async () => {
  state.failed = null;
  try {
    device = await navigator.bluetooth.requestDevice({ filters: [{ services: ['${SERVICE_UUID}'] }] });
    device.addEventListener('gattserverdisconnected', () => state.closes++);
    await link();
  } catch (error) { state.failed = error.name; }
};
</script>`;

describe.skipIf(!hasChromium())('Web Bluetooth over the virtual air', () => {
  let browser: Browser;
  let page: Page;
  let room: Room;
  let rigged: RiggedToy;
  let bluetooth: Bluetooth;
  let server: Server;

  beforeAll(async () => {
    server = createServer((_request, reply) => reply.setHeader('content-type', 'text/html').end(PAGE));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    room = createRoom();
    rigged = await addRiggedToy(room);
    browser = await launchChromium();
    page = await browser.newPage();
    bluetooth = await emulateBluetooth(page, browser, room);
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await bluetooth?.stop();
    await browser?.close();
    await rigged?.toy.stop();
    room?.close();
    server?.close();
  });

  const values = () => page.evaluate('state.values') as Promise<number[][]>;
  const hellos = async () => (await values()).filter((value) => value.includes(FRAME_HELLO)).length;

  it('brings the toy’s hello after a person has chosen it', async () => {
    await page.getByRole('button').click();
    await page.waitForFunction('state.values.length > 0');
    expect(bluetooth.choices).toBe(1);
    expect(await hellos()).toBe(1);
    expect(await page.evaluate('state.failed')).toBeNull();
  });

  it('says that a toy has gone out of range, and finds it again', async () => {
    rigged.setInRange(false);
    await page.waitForFunction('state.closes === 1');
    rigged.setInRange(true);
    await page.evaluate('link()');
    await page.waitForFunction('state.values.length > 1');
  });

  it('lets go of the toy when the page does', async () => {
    await page.evaluate('device.gatt.disconnect()');
    await page.waitForFunction('!device.gatt.connected');
    await page.evaluate('link()');
    await page.waitForFunction('state.values.length > 2');
  });

  it('fails to connect with a toy that is away', async () => {
    await page.evaluate('device.gatt.disconnect()');
    rigged.setInRange(false);
    const name = await page.evaluate('link().then(() => null, (error) => error.name)');
    expect(name).toBe('NetworkError');
    rigged.setInRange(true);
  });

  it('lets a person close the chooser', async () => {
    bluetooth.refuse(true);
    await page.getByRole('button').click();
    await page.waitForFunction('state.failed !== null');
    expect(await page.evaluate('state.failed')).toBe('NotFoundError');
    bluetooth.refuse(false);
  });

  it('lets go of the toy when the page is loaded again', async () => {
    await page.reload();
    await page.getByRole('button').click();
    await page.waitForFunction('state.values.length > 0 || state.failed');
    expect(await page.evaluate('state.failed')).toBeNull();
    expect(await hellos()).toBe(1);
  });
});
