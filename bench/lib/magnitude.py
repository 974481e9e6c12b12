"""The peer's way (`lora-inspector -w`): every tensor as a Python list, and over it the sums of |w| and of w². Prints CPU seconds and bytes."""

import math
import sys
import time

from safetensors import safe_open

try:
    import torch  # noqa: F401

    FRAMEWORK = "pt"
except ImportError:
    FRAMEWORK = "numpy"

started = time.process_time()
size = 0
for path in sys.argv[1:]:
    means, lengths = [], []
    with safe_open(path, framework=FRAMEWORK) as file:
        for key in file.keys():
            if not key.endswith(".weight"):
                continue
            values = file.get_tensor(key).flatten().tolist()
            size += 2 * len(values)
            total = 0
            for value in values:
                total += abs(value)
            means.append(total / len(values))
            total = 0
            for value in values:
                total += pow(value, 2)
            lengths.append(math.sqrt(total))
print(time.process_time() - started, size, sum(means) / len(means), sum(lengths) / len(lengths))
