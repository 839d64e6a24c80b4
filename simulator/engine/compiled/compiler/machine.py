"""From LLVM's language to the machine's: once as an object, which can be kept, and into memory."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm

ENTRY = "entry"
"""What a module calls the function that Python calls."""
SPEED, INLINING = 1, 100
"""How hard LLVM tries: as ``-O1``, without unrolling loops, and inlining what is small only. ``-O3`` takes
twice as long for the event loop and four times for the kernel without events, and is no faster (within 1 %)."""
MACHINE_SPEED = 2
"""The same for the choice of the machine's instructions."""


def processor() -> tuple[str, str]:
    """What code for this machine may use; code for another one could stop the process."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def target_machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = processor()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=name, features=features, opt=MACHINE_SPEED, codemodel="jitdefault", jit=True
    )


def object_code(text: str) -> bytes:
    """Check, optimise and translate a module."""
    machine = target_machine()
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=SPEED)
    tuning.loop_unrolling, tuning.inlining_threshold = False, INLINING
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    translated: bytes = machine.emit_object(module)
    return translated


class Loaded:
    """Object code in memory, as a function that takes the address of a frame."""

    def __init__(self, code: bytes) -> None:
        machine = target_machine()
        self.engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        self.engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self.engine.finalize_object()
        address = self.engine.get_function_address(ENTRY)
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
        # Python's other threads go on while it runs: such a call holds no lock.
        self.call: Callable[[Any], int] = kind(address)
