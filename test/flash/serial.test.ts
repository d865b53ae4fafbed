// A port of this computer, by the serialport package's own mock of a system: bytes both ways, both wires kept, and errors that say what to do.
import { SerialPortMock } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { findPort, type SerialPackage } from '#cli/flash/serial.ts';

const PATH = '/dev/ttyMOCK0';
// biome-ignore lint/suspicious/noExplicitAny: the mock has the same class over another system.
const Serial = SerialPortMock as any as SerialPackage;
const { binding } = SerialPortMock;
afterEach(() => binding.reset());

interface MockPort {
  emitData(data: Buffer): void;
  recording: Buffer;
  close(): Promise<void>;
}

/** The system's end of the port that is opened next. */
function catchPort(): () => MockPort & { set(flags: unknown): Promise<void> } {
  const { open } = binding;
  let made: unknown;
  binding.open = async (options: Parameters<typeof open>[0]) => {
    const port = await open.call(binding, options);
    made = port;
    return port;
  };
  return () => {
    binding.open = open;
    return made as MockPort & { set(flags: unknown): Promise<void> };
  };
}

describe('a port', () => {
  it('carries bytes both ways, closes, and opens again', async () => {
    binding.createPort(PATH, { record: true, vendorId: '303a', productId: '1001' });
    const port = await findPort(PATH, Serial);
    expect(port.getInfo()).toEqual({ usbVendorId: 0x303a, usbProductId: 0x1001 });
    for (let time = 0; time < 2; time++) {
      const caught = catchPort();
      await port.open({ baudRate: 115_200 });
      const writer = port.writable!.getWriter();
      await writer.write(Uint8Array.of(1, 2, 3));
      writer.releaseLock();
      const reader = port.readable!.getReader();
      caught().emitData(Buffer.from('hi'));
      expect(Buffer.from((await reader.read()).value!).toString()).toBe('hi');
      await reader.cancel();
      reader.releaseLock();
      await port.close();
      expect(port.readable).toBeNull();
    }
    expect(port.isGone).toBe(false);
  });

  it('keeps the one wire as it was when the other is set', async () => {
    binding.createPort(PATH);
    const caught = catchPort();
    const port = await findPort(PATH, Serial);
    await port.open({ baudRate: 115_200 });
    const flags: unknown[] = [];
    caught().set = async (set) => void flags.push(set);
    await port.setSignals({ dataTerminalReady: true });
    await port.setSignals({ requestToSend: true });
    await port.setSignals({ dataTerminalReady: false });
    expect(flags).toMatchObject([
      { dtr: true, rts: false },
      { dtr: true, rts: true },
      { dtr: false, rts: true },
    ]);
    await port.close();
  });

  it('says that the cable came off', async () => {
    binding.createPort(PATH);
    const caught = catchPort();
    const port = await findPort(PATH, Serial);
    await port.open({ baudRate: 115_200 });
    const system = caught() as unknown as { write(bytes: Buffer): Promise<void> };
    system.write = async () => {
      throw new Error('Error: Input/output error, cannot write');
    };
    const reader = port.readable!.getReader();
    const read = expect(reader.read()).rejects.toMatchObject({ code: 'gone' });
    const writer = port.writable!.getWriter();
    await expect(writer.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'gone' });
    await read;
    expect(port.isGone).toBe(true);
    await expect(port.setSignals({ requestToSend: true })).rejects.toMatchObject({ code: 'gone' });
  });

  it.each([
    ['Error: Permission denied, cannot open /dev/ttyMOCK0', 'denied', 'dialout'],
    ['Error Resource temporarily unavailable Cannot lock port', 'busy', 'close it'],
    ['Error: No such file or directory, cannot open /dev/ttyMOCK0', 'no-port', 'carries data'],
  ])('that does not open: %s', async (message, code, advice) => {
    binding.createPort(PATH);
    const { open } = binding;
    binding.open = async () => {
      throw new Error(message);
    };
    try {
      const port = await findPort(PATH, Serial);
      await expect(port.open({ baudRate: 115_200 })).rejects.toMatchObject({
        code,
        advice: expect.stringContaining(advice),
      });
    } finally {
      binding.open = open;
    }
  });
});
