"""The reference: lists the tensors of every LoRA in a folder with the library that the WebUIs load them with."""

import os
import resource
import sys

from safetensors import safe_open

folder = sys.argv[1]
tensors = 0
for name in sorted(os.listdir(folder)):
    try:
        with safe_open(os.path.join(folder, name), framework="numpy") as file:
            file.metadata()
            tensors += len(file.keys())
    except Exception as error:
        print(name, type(error).__name__, file=sys.stderr)
print(tensors, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
