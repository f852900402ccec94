"""Tests of labels: what is drawn is looked at through a rasteriser and the reading engine."""
