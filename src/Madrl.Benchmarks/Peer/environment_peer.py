"""The games of `madrl bench environments` in the reference programs, by random actions.

Says `ready TASK:RULES,...` with all whose packages this Python has (mpe2, lbforaging, rware), then reads lines `TASK:RULES STEPS`
on stdin, makes so many steps of the task's default and answers each by one line: the microseconds per step of all agents, resets
included, then the sum of the last rewards. Actions are drawn before, as in ours.
"""

import importlib
import itertools
import sys
import time
import warnings

warnings.filterwarnings("ignore")

MPE = {
    "simple": "simple_v3", "simple-adversary": "simple_adversary_v3", "simple-crypto": "simple_crypto_v3", "simple-push": "simple_push_v3",
    "simple-reference": "simple_reference_v3", "simple-speaker-listener": "simple_speaker_listener_v4", "simple-spread": "simple_spread_v3",
    "simple-tag": "simple_tag_v3", "simple-world-comm": "simple_world_comm_v3",
}


DRAWN = 32  # Joint actions that are used again and again.


class Particles:
    """One game of mpe2."""

    def __init__(self, module):
        self.game = importlib.import_module("mpe2." + module).parallel_env(max_cycles=25)
        self.reset()
        draw = lambda: {agent: self.game.action_space(agent).sample() for agent in self.game.agents}
        self.actions = itertools.cycle([draw() for _ in range(DRAWN)])

    def reset(self):
        self.game.reset()

    def step(self):
        _, rewards, terminated, truncated, _ = self.game.step(next(self.actions))
        if not self.game.agents or any(terminated.values()) or any(truncated.values()):
            self.reset()
        return sum(rewards.values())


class Gymnasium:
    """One game of lbforaging or rware."""

    def __init__(self, game, limit):
        self.game, self.limit = game, limit
        self.reset()
        self.actions = itertools.cycle([game.action_space.sample() for _ in range(DRAWN)])

    def reset(self):
        self.game.reset()
        self.left = self.limit

    def step(self):
        _, rewards, done, truncated, _ = self.game.step(next(self.actions))
        self.left -= 1
        if self.left == 0 or done or truncated:
            self.reset()
        return sum(rewards)


def foraging():
    from lbforaging.foraging.environment import ForagingEnv

    return Gymnasium(ForagingEnv(
        players=2, min_player_level=1, max_player_level=2, min_food_level=1, max_food_level=None, field_size=(8, 8), max_num_food=2,
        sight=8, max_episode_steps=50, force_coop=False), 50)


def warehouse():
    from rware.warehouse import RewardType, Warehouse

    return Gymnasium(Warehouse(
        shelf_columns=3, column_height=8, shelf_rows=1, n_agents=2, msg_bits=0, sensor_range=1, request_queue_size=2,
        max_inactivity_steps=None, max_steps=500, reward_type=RewardType.INDIVIDUAL), 500)


def offers():
    """What can be made here, by TASK:RULES."""
    candidates = {task + ":mpe2": (lambda module=module: Particles(module)) for task, module in MPE.items()}
    candidates["lbf:lb-foraging"] = foraging
    candidates["rware:robotic-warehouse"] = warehouse
    found = {}
    for name, make in candidates.items():
        try:
            make()
        except ImportError:
            continue
        found[name] = make
    return found


def main():
    made = offers()
    if not made:
        sys.exit("none of mpe2, lbforaging, rware can be imported")
    print("ready", ",".join(made), flush=True)
    games = {}
    for line in sys.stdin:
        name, steps = line.split()
        if name not in games:
            games[name] = made[name]()
        game = games[name]
        started = time.perf_counter()
        for _ in itertools.repeat(None, int(steps)):
            rewards = game.step()
        print(1e6 * (time.perf_counter() - started) / int(steps), float(rewards), flush=True)


main()
