"""CPU milliseconds a sample of the networks of sound in libtorch, one thread, beside `-- networks training`: python3 libtorch.py [ROUNDS]."""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
BATCH, FRAMES = 32, 599


class GlobalPool(nn.Module):
    def forward(self, x):
        return torch.cat([x.mean(2), x.max(2)[0], torch.sqrt((x * x).mean(2) + 1e-8)], 1)


def convolutions(channels, normalized):
    layers, inputs = [], 128
    for outputs, pool in zip(channels, (4, 2, 2, 1)):
        layers += [nn.Conv1d(inputs, outputs, 4), nn.MaxPool1d(pool)] + ([nn.BatchNorm1d(outputs)] if normalized else []) + [nn.ReLU()]
        inputs = outputs
    return layers + [GlobalPool()]


def factors(channels, hidden):
    return nn.Sequential(*convolutions(channels, False), nn.Linear(3 * channels[-1], hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 40))


def autoencoder():
    layers = [nn.Conv1d(128, 128, 4, 2), nn.ReLU(), nn.Conv1d(128, 128, 4, 2), nn.ReLU(), nn.Conv1d(128, 128, 4, 2), nn.ReLU(), nn.Conv1d(128, 64, 4, 2)]
    layers += [nn.ConvTranspose1d(64, 128, 4, 2), nn.ReLU(), nn.ConvTranspose1d(128, 128, 4, 2), nn.ReLU(), nn.ConvTranspose1d(128, 128, 4, 2), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose1d(128, 128, 4, 2))


def milliseconds(step, rounds):
    best = float("inf")
    for n in range(rounds + 1):
        before = time.process_time()
        step()
        best = min(best, time.process_time() - before) if n else best
    return best * 1e3 / BATCH


def report(name, network, rounds):
    x = torch.rand(BATCH, 128, FRAMES) - 0.5
    optimizer = torch.optim.Adam(network.parameters(), 1e-4)

    def train():
        optimizer.zero_grad()
        outputs = network(x)
        (outputs * outputs).mean().backward()
        optimizer.step()

    def infer():
        with torch.no_grad():
            network(x)

    print(f"{name}: training step {milliseconds(train, rounds):.2f}, forward {milliseconds(infer, rounds):.2f} CPU ms a sample (batch {BATCH})", flush=True)


rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
report("factor network, large", factors([256, 256, 256, 512], 2048), rounds)
report("factor network, small", factors([64, 64, 64, 128], 512), rounds)
report("contrastive encoder", nn.Sequential(*convolutions([64, 64, 64, 128], True), nn.Linear(384, 64)), rounds)
report("autoencoder", autoencoder(), rounds)
