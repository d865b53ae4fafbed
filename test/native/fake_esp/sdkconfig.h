// The settings of an image: a C3's, unless another chip is named.
#pragma once
#if !defined(CONFIG_IDF_TARGET_ESP32) && !defined(CONFIG_IDF_TARGET_ESP32S3)
#define CONFIG_IDF_TARGET_ESP32C3 1
#endif
