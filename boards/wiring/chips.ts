// What each chip wants for itself and what its pins can do. Sections are those of Espressif's datasheets and of ESP-IDF 4.4's soc_caps.h.

/** Pins that must stay free, and whose they are. */
export interface Reserved {
  pins: readonly number[];
  by: 'strapping' | 'flash' | 'PSRAM' | 'USB' | 'boot messages';
  source: string;
}

export interface Chip {
  name: string;
  /** Every GPIO that there is. */
  pins: readonly number[];
  reserved: readonly Reserved[];
  inputOnly: readonly number[];
  /** Pins of ADC1. The other converter shares its hardware with the radio and Espruino does not read it. */
  adc1: readonly number[];
  /** Pins that can wake it from deep sleep. */
  wake: readonly number[];
  /** With one port, microphone and amplifier share clock and word select. */
  i2sPorts: number;
  hearsPdm: boolean;
  /** Where its ROM looks for the boot loader: esptool's BOOTLOADER_FLASH_OFFSET. */
  bootLoaderAt: number;
  /** How an image for it names it (u16 at 12 of the header): esptool's IMAGE_CHIP_ID. */
  imageId: number;
  sources: string;
}

/** Whole numbers from `first` to `last`. */
function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

export const CHIPS: Readonly<Record<'esp32' | 'esp32c3' | 'esp32s3', Chip>> = {
  esp32: {
    name: 'ESP32',
    pins: [...span(0, 19), ...span(21, 23), ...span(25, 27), ...span(32, 39)],
    reserved: [
      {
        pins: [0, 2, 5, 12, 15],
        by: 'strapping',
        source: 'ESP32 Series Datasheet, Strapping Pins',
      },
      {
        pins: span(6, 11),
        by: 'flash',
        source: 'ESP32 Series Datasheet, Pin Definitions: SD_CLK to SD_DATA_3',
      },
      {
        pins: [16, 17],
        by: 'PSRAM',
        source:
          'ESP32-WROVER-E Datasheet, Pin Definitions; in an ESP32-PICO-D4 its flash is there (its datasheet, Pin Description)',
      },
      { pins: [1, 3], by: 'boot messages', source: 'ESP32 Series Datasheet, Pin Definitions: U0TXD, U0RXD' },
    ],
    inputOnly: span(34, 39),
    adc1: span(32, 39),
    wake: [0, 2, 4, ...span(12, 15), ...span(25, 27), ...span(32, 39)],
    i2sPorts: 2,
    hearsPdm: true,
    bootLoaderAt: 0x1000,
    imageId: 0,
    sources:
      'ESP32 Series Datasheet: GPIO Pins 34-39 are input only (Pin Definitions), ADC1 channels and RTC pins (RTC_MUX table); esp32/soc_caps.h: SOC_I2S_NUM 2, PDM RX',
  },
  esp32c3: {
    name: 'ESP32-C3',
    pins: span(0, 21),
    reserved: [
      { pins: [2, 8, 9], by: 'strapping', source: 'ESP32-C3 Series Datasheet, Strapping Pins' },
      {
        pins: span(11, 17),
        by: 'flash',
        source: 'ESP32-C3 Series Datasheet, Pin Overview: VDD_SPI, SPIHD to SPIQ',
      },
      { pins: [18, 19], by: 'USB', source: 'ESP32-C3 Series Datasheet, Pin Overview: USB_D-, USB_D+' },
      {
        pins: [20, 21],
        by: 'boot messages',
        source: 'ESP32-C3 Series Datasheet, Pin Overview: U0RXD, U0TXD',
      },
    ],
    inputOnly: [],
    adc1: span(0, 4),
    wake: span(0, 5),
    i2sPorts: 1,
    hearsPdm: false,
    bootLoaderAt: 0x0,
    imageId: 5,
    sources:
      'ESP32-C3 Series Datasheet: ADC1 on GPIO0-4 (SAR ADC); esp32c3/soc_caps.h: SOC_I2S_NUM 1, no PDM RX, SOC_GPIO_DEEP_SLEEP_WAKE_VALID_GPIO_MASK 0-5',
  },
  esp32s3: {
    name: 'ESP32-S3',
    pins: [...span(0, 21), ...span(26, 48)],
    reserved: [
      { pins: [0, 3, 45, 46], by: 'strapping', source: 'ESP32-S3 Series Datasheet, Strapping Pins' },
      { pins: span(26, 32), by: 'flash', source: 'ESP32-S3 Series Datasheet, Pin Overview: SPICS1 to SPID' },
      {
        pins: span(33, 37),
        by: 'PSRAM',
        source:
          'ESP32-S3-WROOM-1 Datasheet, Pin Definitions: with octal PSRAM (R8) IO35-37 are not for others; SPIIO4-7 and SPIDQS',
      },
      { pins: [19, 20], by: 'USB', source: 'ESP32-S3 Series Datasheet, Pin Overview: USB_D-, USB_D+' },
      {
        pins: [43, 44],
        by: 'boot messages',
        source: 'ESP32-S3 Series Datasheet, Pin Overview: U0TXD, U0RXD',
      },
    ],
    inputOnly: [],
    adc1: span(1, 10),
    wake: span(0, 21),
    i2sPorts: 2,
    hearsPdm: true,
    bootLoaderAt: 0x0,
    imageId: 9,
    sources:
      'ESP32-S3 Series Datasheet: ADC1 on GPIO1-10, RTC pins GPIO0-21 (Pin Overview); esp32s3/soc_caps.h: SOC_I2S_NUM 2, PDM RX',
  },
};

export interface Area {
  name: string;
  from: number;
  /** First address after it. */
  end: number;
}

/** Where the table of partitions lies, and where in it Espruino's image: the same for the three chips. */
export const PARTITION_TABLE_AT = 0x8000;
export const IMAGE_AT = 0x10000;
/** First address after the image's partition. */
export const IMAGE_END = 0x204000;

/** Partition of the toy's keys, the same on every board: what lies before and behind it is written without asking the table. */
export const KEYS_AT = 0x2f4000;
export const KEYS_END = 0x2fa000;

/** Size of what the flash erases at once. */
export const SECTOR_BYTES = 4096;

/** Where Espruino itself lies: targets/esp32/IDF4/partitions.csv of Espruino 2v29, the same for the three chips. */
export const ESPRUINO_AREAS: readonly Area[] = [
  { name: 'bootloader and partition table', from: 0x0, end: 0x9000 },
  { name: 'nvs', from: 0x9000, end: 0xf000 },
  { name: 'phy_init', from: 0xf000, end: 0x10000 },
  { name: 'factory (the image, 2000 KB)', from: 0x10000, end: 0x204000 },
  { name: 'flash', from: 0x310000, end: 0x320000 },
  { name: 'storage', from: 0x320000, end: 0x400000 },
];
