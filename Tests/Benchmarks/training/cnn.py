"""cnn.py [THREADS]: milliseconds per step of the convolutional nets of training-steps in PyTorch.

Channels last; the processor's time with one thread, else the wall's. For glibc, set
GLIBC_TUNABLES=glibc.malloc.trim_threshold=4294967295:glibc.malloc.mmap_threshold=4294967295,
without which page faults count as PyTorch's time.
"""

import sys
import time

import torch
from torch import nn

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
torch.set_num_threads(threads)
now = time.process_time if threads == 1 else time.perf_counter
images = torch.randn(512, 1, 28, 28).to(memory_format=torch.channels_last)
labels = torch.arange(512) % 10
for width in (0, 128):
    head = [nn.Linear(9216, width), nn.ReLU(), nn.Linear(width, 10)] if width else [nn.Linear(9216, 10)]
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), *head).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(net.parameters())
    loss = nn.CrossEntropyLoss()
    least = float("inf")
    for _ in range(6):
        start = now()
        for at in range(0, 512, 64):
            optimizer.zero_grad()
            loss(net(images[at:at + 64]), labels[at:at + 64]).backward()
            optimizer.step()
        least = min(least, (now() - start) / 8)
    name = f"dense {width}, " if width else ""
    print(f"conv 32, conv 64, pool, {name}dense 10, batch 64, Adam: {least * 1e3:.2f} ms per step")
