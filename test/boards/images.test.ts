// Espruino's board definitions for our images: Python reads them, what they list exists, and they agree with boards/. They cannot be built here.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CHIPS, ESPRUINO_AREAS } from '#boards/wiring/chips.ts';
import { everyBoard } from './every-board.ts';

const NATIVE = fileURLToPath(new URL('../../firmware/native/', import.meta.url));

interface Image {
  info: { variables: number; default_console: string; build: { libraries: string[]; makefile: string[] } };
  chip: {
    part: string;
    family: string;
    saved_code: { address: number; page_size: number; pages: number; flash_available: number };
  };
  /** GPIO number to what Espruino knows of it. */
  pins: Record<string, string[]>;
  sdkconfig: Record<string, string>;
}

// Espruino's pinutils, as far as the definitions use it.
const PINUTILS = `
def findpin(pins, name, force):
  for pin in pins:
    if pin['name'] == name: return pin
  assert not force, name
  pins.append({ 'name': name, 'functions': {} })
  return pins[-1]
def generate_pins(first, last):
  pins = []
  for n in range(first, last + 1): findpin(pins, 'PD%d' % n, False)
  return pins
`;
const READ = `
import importlib, json, sys
sys.dont_write_bytecode = True
sys.path[:0] = sys.argv[2:]
board = importlib.import_module(sys.argv[1])
shared = sys.modules.get('pawpost')
print(json.dumps({
  'info': board.info, 'chip': board.chip,
  'pins': { pin['name'][2:]: list(pin['functions']) for pin in board.get_pins() },
  'sdkconfig': { **shared.sdkconfig, **(shared.for_esp32 if board.chip['part'] == 'ESP32' else shared.for_c3_and_s3) } if shared else {},
}))
`;
const folder = mkdtempSync(join(tmpdir(), 'pawpost-images-'));
writeFileSync(join(folder, 'pinutils.py'), PINUTILS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(name: string): Image {
  const said = execFileSync('python3', ['-c', READ, name, folder, join(NATIVE, 'boards')], {
    encoding: 'utf8',
  });
  return JSON.parse(said) as Image;
}

const names = readdirSync(join(NATIVE, 'boards'))
  .filter((file) => /^PAWPOST_\w+\.py$/.test(file))
  .map((file) => file.slice(0, -3));
const images = new Map(names.map((name) => [name, read(name)]));
const forChips = names.filter((name) => name !== 'PAWPOST_LINUX');
const boards = await everyBoard();

const line = (image: Image, start: string) =>
  image.info.build.makefile.filter((text) => text.startsWith(start)).join(' ');

describe('every image', () => {
  it('is there for every chip, and each is some board’s', () => {
    expect(forChips.sort()).toEqual(['PAWPOST_ESP32', 'PAWPOST_ESP32C3', 'PAWPOST_ESP32S3']);
    expect(new Set(boards.map(({ wiring }) => wiring.image))).toEqual(new Set(forChips));
  });

  it.each(names)('%s lists sources that exist', (name) => {
    const listed = images
      .get(name)!
      .info.build.makefile.join(' ')
      .match(/libs\/pawpost\/\w+\.c/g)!;
    expect(listed.length).toBeGreaterThan(8);
    for (const path of listed)
      expect(existsSync(join(NATIVE, path.slice('libs/pawpost/'.length))), path).toBe(true);
  });

  it.each(forChips)('%s holds all that is for any platform or for chips', (name) => {
    const image = images.get(name)!;
    const all = readdirSync(NATIVE).filter((file) => file.endsWith('.c') && !file.endsWith('_linux.c'));
    for (const file of all) expect(image.info.build.makefile.join(' ')).toContain(`libs/pawpost/${file}`);
  });

  it.each(forChips)('%s has no Wi-Fi, no TLS, and no console over the radio', (name) => {
    const { info } = images.get(name)!;
    expect(info.build.libraries).toEqual([]);
    expect(info.default_console).toBe('EV_SERIAL1');
    expect(line(images.get(name)!, 'SOURCES')).not.toContain('libs/network/');
  });

  it.each(forChips)('%s reads flash by four wires', (name) => {
    const { sdkconfig } = images.get(name)!;
    expect(sdkconfig.CONFIG_ESPTOOLPY_FLASHMODE_QIO).toBe('y');
    expect(sdkconfig.CONFIG_ESPTOOLPY_FLASHMODE_DIO).toBe('n');
  });

  it.each(forChips)('%s sleeps lightly where its crystal allows it', (name) => {
    const { sdkconfig, chip } = images.get(name)!;
    expect(sdkconfig.CONFIG_PM_ENABLE).toBe('y');
    expect(sdkconfig.CONFIG_FREERTOS_USE_TICKLESS_IDLE).toBe('y');
    expect(sdkconfig.CONFIG_BT_CTRL_MAIN_XTAL_PU_DURING_LIGHT_SLEEP).toBe(
      chip.part === 'ESP32' ? undefined : 'y',
    );
    expect(line(images.get(name)!, 'DEFINES')).toContain('-Dgpio_isr_register=pawInterrupts');
  });

  it('keeps in IRAM functions of the interpreter, each once', () => {
    const entries = readFileSync(join(NATIVE, 'boards/pawpost.lf'), 'utf8').match(/^ {4}.*$/gm)!;
    for (const entry of entries) expect(entry).toMatch(/^ {4}js(lex|var|variterator|parse):\w+ \(noflash\)$/);
    expect(new Set(entries).size).toBe(entries.length);
    expect(entries.length).toBeGreaterThan(30);
  });
});

describe('images agree with boards/', () => {
  it.each(boards.map((built) => [built.name, built] as const))('%s', (_, { board, wiring }) => {
    const { info, chip, pins } = images.get(wiring.image)!;
    const { name } = CHIPS[wiring.chip];
    expect(chip.part).toBe(name.replace('-', ''));
    expect(board.VARIABLES).toBeLessThan(info.variables);
    for (const pin of [board.PAW_PIN, board.HEART_PIN]) expect(Object.keys(pins)).toContain(String(pin));
    if (board.BATTERY_PIN >= 0) expect(pins[board.BATTERY_PIN]!.join()).toMatch(/^ADC1_IN\d$/);
    // The console's wires are nobody's.
    for (const [pin, functions] of Object.entries(pins))
      if (functions.some((text) => /^(USART1|USB)/.test(text)))
        expect(CHIPS[wiring.chip].reserved.flatMap((reserved) => reserved.pins)).toContain(Number(pin));
    expect(info.build.makefile.join(' ').includes('ESPR_USE_USB_SERIAL_JTAG')).toBe(
      wiring.console.over === 'usb',
    );
  });

  it.each(forChips)('%s has channels of ADC1 on pins of ADC1', (name) => {
    const { pins, chip } = images.get(name)!;
    const { adc1 } = Object.values(CHIPS).find((facts) => facts.name.replace('-', '') === chip.part)!;
    const measured = Object.entries(pins).filter(([, functions]) => functions.join().includes('ADC1'));
    expect(measured.length).toBeGreaterThan(4);
    for (const [pin] of measured) expect(adc1).toContain(Number(pin));
  });

  it.each(names)('%s has Storage where boards/ leaves room for it, and an image that fits', (name) => {
    const { chip } = images.get(name)!;
    const storage = ESPRUINO_AREAS.find((area) => area.name === 'storage')!;
    expect(chip.saved_code.address).toBe(storage.from);
    expect(chip.saved_code.address + chip.saved_code.pages * chip.saved_code.page_size).toBe(storage.end);
    if (name === 'PAWPOST_LINUX') return;
    const factory = ESPRUINO_AREAS.find((area) => area.name.startsWith('factory'))!;
    expect(chip.saved_code.flash_available * 1024).toBe(factory.end - factory.from);
    expect(chip.family).toBe('ESP32_IDF4');
    expect(line(images.get(name)!, 'ESP32_FLASH_MAX')).toContain(String(factory.end - factory.from));
  });
});
