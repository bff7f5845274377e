"""The techniques of ISO/IEC/IEEE 29119-4 over the model: classes, boundaries, tables, transitions, pairs, syntax."""
