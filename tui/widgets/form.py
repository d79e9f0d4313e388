"""Labelled fields, one under the other, each with its message beneath in words."""

# ruff: noqa: A002 - `id` is what Textual calls it

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from tui.i18n import t
from tui.widgets.choices import Choices, Ticks
from tui.widgets.fields import (
    NO,
    YES,
    ChoiceField,
    Field,
    NumberField,
    PickField,
    TextField,
    TicksField,
    Value,
    YesNoField,
    read,
)
from tui.widgets.picker import Option
from tui.widgets.search import Entry
from tui.widgets.text import Line, cut, joined, width

_LABEL_MOST = 22


class PickLine(Widget, can_focus=True):
    """Shows the picked option; Enter, space or a click opens the chooser."""

    HELP_KEY: ClassVar[str] = "help.pick"
    DEFAULT_CSS = """
    PickLine { height: 1; padding: 0 1; background: $surface; pointer: pointer; }
    PickLine:focus { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space,ideographic_space", "open")]
    value: reactive[str] = reactive("")

    @dataclass
    class Changed(Message):
        """An option was picked; nothing more is to be done in this field."""

        line: PickLine

        @property
        def control(self) -> PickLine:
            return self.line

    def __init__(self, made: PickField, value: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._field = made
        self.set_reactive(PickLine.value, value)

    def render(self) -> Content:
        text = next((option.text for option in self._field.options if option.id == self.value), "")
        cells = self.content_size.width - 2
        return joined(
            (cut(text, cells), "") if text else (cut(t("form.pick"), cells), "$text-disabled"),
            (" ▼", "$accent"),
        )

    def action_open(self) -> None:
        from tui.screens.choose import Choose

        options: Sequence[Option] = self._field.options
        self.app.push_screen(Choose(self._field.label, options, current=self.value), self._picked)

    def _picked(self, option_id: str | None) -> None:
        if option_id is not None:
            self.value = option_id
            self.post_message(self.Changed(self))

    def on_click(self) -> None:
        self.action_open()


Control = Entry | Choices | PickLine


class FormRow(Vertical):
    """A label, a control and a message."""

    def __init__(self, made: Field, text: str, label_width: int) -> None:
        super().__init__()
        self.field = made
        self.control = _control(made, text)
        self._label_width = label_width

    def compose(self) -> ComposeResult:
        label = Line(cut(self.field.label, self._label_width - 1), classes="label")
        label.styles.width = self._label_width
        message = Line(self.field.hint, classes="message")
        message.styles.padding = (0, 0, 0, self._label_width + 1)
        message.display = bool(self.field.hint)
        with Horizontal() as line:
            line.styles.height = "auto"
            yield label
            self.control.styles.width = "1fr"
            yield self.control
            if isinstance(self.field, NumberField) and self.field.unit:
                unit = Line(f" {self.field.unit}")
                unit.styles.width = width(self.field.unit) + 1
                yield unit
        yield message

    @property
    def text(self) -> str:
        return self.control.value

    def read(self) -> tuple[Value, str | None]:
        return read(self.field, self.text)

    def tell(self, wrong: str | None) -> None:
        """Show what is wrong, or the hint again."""
        message = self.query_one(".message", Line)
        message.show(f"× {wrong}" if wrong else self.field.hint)
        message.display = bool(wrong or self.field.hint)
        message.set_class(wrong is not None, "-wrong")

    def revise(self) -> None:
        """Take back a complaint as soon as it is mended; make none while a person types."""
        if self.query_one(".message", Line).has_class("-wrong"):
            self.tell(self.read()[1])


def _control(made: Field, text: str) -> Control:
    name = f"field-{made.id}"
    match made:
        case ChoiceField():
            return Choices(made.options, text, id=name)
        case TicksField():
            return Ticks(made.options, text, id=name)
        case YesNoField():
            return Choices(((YES, t("form.yes")), (NO, t("form.no"))), text, id=name)
        case PickField():
            return PickLine(made, text, id=name)
        case TextField():
            return Entry(text, max_length=made.longest, id=name)
        case _:
            return Entry(text, id=name)


class Form(VerticalScroll, can_focus=False):
    """Fields in order. Enter goes on to the next; after the last it posts Finished.

    A row that is not displayed is passed over, and not among the values.
    `draft` restores texts of fields by id; `drafts` is called with all texts
    after every change, so that nothing half-typed is lost.
    """

    HELP_KEY: ClassVar[str] = "help.form"

    class Finished(Message):
        """Enter was pressed in the last field."""

    def __init__(
        self,
        fields: Sequence[Field],
        *,
        draft: Mapping[str, str] | None = None,
        drafts: Callable[[dict[str, str]], object] | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._fields = tuple(fields)
        self._draft = draft or {}
        self._drafts = drafts
        self._reached_by_digit: FormRow | None = None
        label_width = min(max((width(made.label) for made in self._fields), default=0), _LABEL_MOST) + 2
        self.rows = [
            FormRow(made, self._draft.get(made.id, made.value), label_width) for made in self._fields
        ]

    def compose(self) -> ComposeResult:
        yield from self.rows

    @property
    def texts(self) -> dict[str, str]:
        """The text of every field as typed, by id."""
        return {row.field.id: row.text for row in self.rows}

    @property
    def shown(self) -> list[FormRow]:
        """The rows that are asked for just now."""
        return [row for row in self.rows if row.display]

    def row(self, field_id: str) -> FormRow:
        return next(row for row in self.rows if row.field.id == field_id)

    def values(self) -> dict[str, Value] | None:
        """Return all values by field id, or None after showing what is wrong and where."""
        values: dict[str, Value] = {}
        first_wrong: FormRow | None = None
        for row in self.shown:
            values[row.field.id], wrong = row.read()
            row.tell(wrong)
            if wrong is not None and first_wrong is None:
                first_wrong = row
        if first_wrong is not None:
            first_wrong.control.focus()
            return None
        return values

    def _row_of(self, control: Widget) -> FormRow:
        return next(row for row in self.rows if row.control is control)

    @on(Input.Submitted)
    @on(Choices.Settled)
    def _next(self, event: Input.Submitted | Choices.Settled) -> None:
        event.stop()
        row = self._row_of(event.control)
        reached, self._reached_by_digit = self._reached_by_digit, None
        if row is reached and not row.text:
            return  # meant for the choice before, which had gone on by itself: it must not skip this field
        self._go_on(row)
        if isinstance(event, Choices.Settled) and event.by_digit:
            self._reached_by_digit = self._following(row)

    def _following(self, row: FormRow) -> FormRow | None:
        """Return the line to type into right after a field, None if something else follows it."""
        shown = self.shown
        following = shown[shown.index(row) + 1 :][:1] if row in shown else []
        return next((row for row in following if isinstance(row.control, Entry)), None)

    @on(PickLine.Changed)
    def _picked(self, event: PickLine.Changed) -> None:
        event.stop()
        self._note_change(self._row_of(event.control))
        self._go_on(self._row_of(event.control))

    @on(Input.Changed)
    @on(Choices.Changed)
    def _changed(self, event: Input.Changed | Choices.Changed) -> None:
        event.stop()
        self._note_change(self._row_of(event.control))

    def _note_change(self, row: FormRow) -> None:
        row.revise()
        if self._drafts is not None:
            self._drafts(self.texts)

    def _go_on(self, row: FormRow) -> None:
        """Go to the next field, but stay where a mistake is; an empty one may wait."""
        _, wrong = row.read()
        row.tell(wrong)
        if wrong is not None and row.text.strip():
            return
        later = [one for one in self.rows[self.rows.index(row) + 1 :] if one.display]
        if later:
            later[0].control.focus()
        else:
            self.post_message(self.Finished())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        for row in self.rows:
            if row.control is event.widget and row.text.strip():
                row.tell(row.read()[1])
