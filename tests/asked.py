"""Settings under which every card of a pack is asked, though no article was begun."""

from studytui.settings import ReviewSettings

EVERY_CARD = ReviewSettings(new_from="all", terms=True)
