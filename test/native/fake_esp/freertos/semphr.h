// Of FreeRTOS's public API, what the toy's C uses: semaphores. Written from its documentation, for tests on a host.
#pragma once
#include "FreeRTOS.h"

typedef struct FakeSemaphore *SemaphoreHandle_t;
SemaphoreHandle_t xSemaphoreCreateBinary(void);
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);
