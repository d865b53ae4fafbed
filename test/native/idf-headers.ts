// Where ESP-IDF 4.4 keeps the headers that the toy's C needs, and the few settings and files that they expect of a build: enough to compile, not
// to link.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  ...['bt/include/esp32c3/include', 'bt/common/osi/include', 'bt/common/api/include/api'],
  'bt/host/bluedroid/api/include/api',
  ...['driver/include', 'driver/esp32c3/include', 'nvs_flash/include', 'heap/include', 'log/include'],
  ...['freertos/include', 'freertos/include/freertos', 'freertos/include/esp_additions'],
  ...['freertos/include/esp_additions/freertos', 'freertos/port/riscv/include'],
  'freertos/port/riscv/include/freertos',
  ...['esp_hw_support/include', 'esp_common/include', 'esp_rom/include', 'esp_system/include'],
  ...[
    'esp_timer/include',
    'esp_hw_support/include/soc',
    'newlib/platform_include',
    'riscv/include',
    'spi_flash/include',
  ],
  ...['soc/include', 'soc/esp32c3/include', 'soc/esp32c3', 'hal/include', 'hal/esp32c3/include'],
  'hal/platform_port/include',
  'esp_pm/include',
];

const SETTINGS: Record<string, number> = {
  IDF_TARGET_ESP32C3: 1,
  IDF_TARGET_ARCH_RISCV: 1,
  FREERTOS_HZ: 100,
  FREERTOS_UNICORE: 1,
  FREERTOS_MAX_TASK_NAME_LEN: 16,
  FREERTOS_MINIMAL_STACK_SIZE: 768,
  FREERTOS_ISR_STACKSIZE: 1536,
  FREERTOS_TIMER_TASK_PRIORITY: 1,
  FREERTOS_TIMER_TASK_STACK_DEPTH: 2048,
  FREERTOS_TIMER_QUEUE_LENGTH: 10,
  FREERTOS_QUEUE_REGISTRY_SIZE: 0,
  FREERTOS_THREAD_LOCAL_STORAGE_POINTERS: 1,
  FREERTOS_SUPPORT_STATIC_ALLOCATION: 1,
  FREERTOS_IDLE_TASK_STACKSIZE: 1536,
  FREERTOS_ASSERT_FAIL_ABORT: 1,
  BT_ENABLED: 1,
  BT_BLUEDROID_ENABLED: 1,
  BT_BLE_ENABLED: 1,
  BT_GATTS_ENABLE: 1,
  BT_BLE_42_FEATURES_SUPPORTED: 1,
  LOG_MAXIMUM_LEVEL: 3,
};

/** Options for the compiler, with what a build of that ESP-IDF would have made in `folder`, which is made. Throws if it is not one. */
export function idfIncludes(idf: string, folder: string): string[] {
  mkdirSync(join(folder, 'sys'), { recursive: true });
  const settings = new Map(Object.entries(SETTINGS).map(([name, value]) => [`CONFIG_${name}`, value]));
  // The controller's own settings do not matter to a compiler, but must be there.
  const controller = readFileSync(join(idf, 'components/bt/include/esp32c3/include/esp_bt.h'), 'utf8');
  for (const [name] of controller.matchAll(/CONFIG_BT_CTRL_\w+/g))
    if (!settings.has(name)) settings.set(name, 0);
  const lines = [...settings].map(([name, value]) => `#define ${name} ${value}\n`);
  writeFileSync(
    join(folder, 'sdkconfig.h'),
    `#pragma once\n#define CONFIG_IDF_TARGET "esp32c3"\n${lines.join('')}`,
  );
  // Newlib's, which Debian's C library for these chips has not.
  writeFileSync(join(folder, 'sys/reent.h'), 'struct _reent { int unused; };\n');
  writeFileSync(join(folder, 'reent.h'), '#include <sys/reent.h>\n');
  return [
    ...FOLDERS.flatMap((name) => ['-isystem', join(idf, 'components', name)]),
    ...['-idirafter', folder],
  ];
}
