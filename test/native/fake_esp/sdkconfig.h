// The settings of an image: none, which is a C3's.
#pragma once
