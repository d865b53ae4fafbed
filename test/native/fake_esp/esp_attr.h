// Of ESP-IDF's public API, what the toy's C uses: where things lie. On a host nothing outlasts deep sleep but what the test keeps.
#pragma once

#define RTC_DATA_ATTR
#define IRAM_ATTR
