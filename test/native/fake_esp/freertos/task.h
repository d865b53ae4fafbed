// Of FreeRTOS's public API, what the toy's C uses: tasks. Written from its documentation, for tests on a host.
#pragma once
#include "FreeRTOS.h"

typedef void *TaskHandle_t;
void vTaskDelay(TickType_t ticks);
BaseType_t xTaskCreate(void (*work)(void *), const char *name, uint32_t stackBytes, void *argument, UBaseType_t priority, TaskHandle_t *task);
