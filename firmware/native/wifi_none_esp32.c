// What Espruino's ESP32 files call when Wi-Fi is switched on: nothing, for the toy has no Wi-Fi and its code is not in the image.

void esp32_wifi_init(void) {}
void jswrap_esp32_wifi_soft_init(void) {}
void jswrap_wifi_restore(void) {}
